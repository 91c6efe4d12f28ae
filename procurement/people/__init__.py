"""Who acts, what they may do and see, and the trail of what they did.

permissions    roles, and which of them may do what: one table
readers        who looks: role and scope, as of this moment
acting         who acts in this thread, and from where
accounts       accounts added, changed, disabled; passwords are argon2 hashes (passwords)
signing_in     sign-ins: begun with a password or an identity, looked up, ended; throttling, lock-out
audit          the hash-chained trail, written and verified; trail reads it
identities     accounts of people whose identity another system proves, kept as it tells of them
limits.toml    how long, how often, how many
"""
