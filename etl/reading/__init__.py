"""Foreign files are read in a process of their own, within the limits of limits.toml."""
