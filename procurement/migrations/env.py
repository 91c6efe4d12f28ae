"""What alembic runs, on the connection that it is given and inside the transaction that is open there."""

from alembic import context
from sqlmodel import SQLModel

import procurement.tables  # noqa: F401  registers the tables

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
