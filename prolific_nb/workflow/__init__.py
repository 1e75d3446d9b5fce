"""The main workflow: connect, launch, reopen and combine runs, and read their responses."""
