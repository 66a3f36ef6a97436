"""公告: what everybody may read, without signing in."""
