"""The state of one sandbox, its injected faults, and its request log."""
