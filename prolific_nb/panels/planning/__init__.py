"""The plan of a study: audience, places, cost and pay."""
