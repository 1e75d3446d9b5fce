"""Rehearsing a study with simulated people, between the plan and the launch."""
