"""Bytes → sheets → the columns of their tables. Nothing here knows a ledger or loads pandas."""
