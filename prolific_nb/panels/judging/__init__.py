"""A browser of the rows on which people disagree, in which a judge decides."""
