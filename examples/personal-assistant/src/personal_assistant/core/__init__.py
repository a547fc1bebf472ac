"""The agent: a planner, a runner and the model that words the reply."""
