"""Facts from elsewhere that rules need, as typed values (domain book 5.9): a rule that lacks one
is a type error.
"""
