"""What the environment says, and the logs, metrics and traces made from it."""
