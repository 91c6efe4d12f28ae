"""The ledger of an earlier released version, made one of this version.

versions/    one step per released version that changed the tables, named by it
env          what alembic runs: on the caller's connection, inside the caller's transaction

A new ledger runs none of them: its tables are made as they are today. Started by procurement.migrating.
"""
