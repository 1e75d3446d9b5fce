"""Looking on while answers arrive: α brought up to date, news that carry it, and stopping when it is precise."""
