"""The step in which reward, places and audience are planned."""
