"""Keep a ledger safe: copies of it, and back.

A copy is always one SQLite file that `vbp` can open, whatever database the ledger stands on.

copying      one consistent state → a file; a file → a ledger
examining    what a file is: readable, of which version, sound
backing_up   back_up: beside the target, examined, then renamed; told in the trail
restoring    restore: examined, of this version, then put in the place of what is there, which is kept first
"""
