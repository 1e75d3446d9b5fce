"""What is kept: documents in SQLite, clocks, IDs, prices and payments."""
