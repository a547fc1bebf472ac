"""Video transcripts become a knowledge graph that can be searched."""
