"""The check rules, each a pure function under its rule id: typed content and facts in, findings
out.
"""
