"""Signing in and out, and what one sees first."""
