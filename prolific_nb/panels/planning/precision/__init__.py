"""How many annotators are enough: the precision of a plan, in a picture with a point that can be moved."""
