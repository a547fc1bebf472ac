"""The agent as a service of its own."""
