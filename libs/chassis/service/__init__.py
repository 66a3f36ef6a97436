"""A service as a value, what it works with, and at work."""
