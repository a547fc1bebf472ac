"""Container files that somebody else wrote into a Stack."""
