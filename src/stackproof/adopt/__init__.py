"""Container files that somebody else wrote into the nouns of the model."""
