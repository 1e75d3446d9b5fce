"""Rows: where people disagree, what they said, what an adjudicator decided, and by which text they are named."""
