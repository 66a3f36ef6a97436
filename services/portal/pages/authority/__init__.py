"""审核: what officers and experts do."""
