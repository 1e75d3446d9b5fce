"""Where a study stands, who took part, and the export of its batch."""
