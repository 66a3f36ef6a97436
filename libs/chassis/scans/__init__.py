"""Scans: their stream, their bytes in the object store, their check."""
