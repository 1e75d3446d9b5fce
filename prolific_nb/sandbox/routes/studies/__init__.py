"""Routes of studies, submissions, reviews and bonuses."""
