"""The API's operations apart from HTTP: imports, tasks, places, money."""
