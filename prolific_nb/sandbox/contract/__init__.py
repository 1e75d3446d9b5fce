"""The API's own description as a judge, and the rules, errors and formats that it names."""
