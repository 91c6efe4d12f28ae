"""What one cell says: a name, a code, a number, a day, a unit, a spec."""
