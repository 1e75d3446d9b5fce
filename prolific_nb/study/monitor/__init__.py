"""The status of a study, its submissions, and the export of its batch."""
