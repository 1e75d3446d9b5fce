"""The step in which submissions are approved, rejected and rewarded."""
