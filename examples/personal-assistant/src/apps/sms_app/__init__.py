"""The way in for text messages."""
