"""Drafts: what somebody typed into a form and has not saved."""
