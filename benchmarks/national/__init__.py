"""A year of the whole province, made from a seed: who there is, what happens to each, and how it
comes into the logs.
"""
