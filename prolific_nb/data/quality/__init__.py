"""Looking at the content of the data: columns described, rows searched, links checked, and what a program can fix."""
