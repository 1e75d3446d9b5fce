"""Plots for planning a study."""
