"""Backup and restore of an installation (decision 66)."""
