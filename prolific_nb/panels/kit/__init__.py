"""The parts that all panels share."""
