"""Taking the tasks of a design in the notebook, as participants get them."""
