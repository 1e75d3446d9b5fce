"""Storage and basic values: documents in SQLite, clocks, IDs, prices and payments."""
