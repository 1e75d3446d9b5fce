"""The state of one sandbox, its faults, and its request log."""
