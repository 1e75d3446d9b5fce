"""What a person confirms before money is spent."""
