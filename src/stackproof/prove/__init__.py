"""Promises about a stack, measured: the claims, and what turns them into evidence."""
