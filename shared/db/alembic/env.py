"""What Alembic runs for every service: the connection and the metadata are handed over by `shared.db.migrate`."""

from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], target_metadata=given["metadata"], **given["options"])
with context.begin_transaction():
    context.run_migrations()
