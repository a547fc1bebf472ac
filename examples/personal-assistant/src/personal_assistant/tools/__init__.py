"""What the agent can do besides talk."""
