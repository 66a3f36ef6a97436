"""The door for the authority's own systems: what waits, what they decide, what became of it. Its
codes are in codes.py.
"""
