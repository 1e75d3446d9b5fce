"""Text around and inside a plot that fits the Axes, whatever their size: measured, wrapped and shrunk when drawn."""
