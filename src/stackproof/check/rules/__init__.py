"""The rules, a folder for each kind of file."""
