"""What the API does, apart from HTTP: imports, tasks, places, money."""
