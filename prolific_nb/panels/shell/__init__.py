"""The parts of the studio around its steps."""
