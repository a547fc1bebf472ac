"""A stack into running services: one folder per runtime."""
