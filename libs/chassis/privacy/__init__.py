"""Reads of personal data are events."""
