"""What a person holds, and how to get it: connect, launch, reopen, combine, the run and its answers."""
