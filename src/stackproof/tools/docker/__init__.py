"""The Docker Engine and its command-line plugins, one file each for finding, asking, watching and looking inside."""
