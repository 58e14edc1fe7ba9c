"""PostgreSQL: tables, mapping, the transaction, and the read side."""
