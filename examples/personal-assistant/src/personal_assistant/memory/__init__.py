"""What the assistant learns from messages and finds again later."""
