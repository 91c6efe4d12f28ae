"""Checked rows → the ledger: what they do to what is there, its history, and the way back."""
