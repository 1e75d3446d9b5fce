"""The pages with which people take part in a study by a link."""
