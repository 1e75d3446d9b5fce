"""Routes of datasets, batches, instructions, responses and files."""
