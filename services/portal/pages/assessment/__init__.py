"""资质申报 › 动态考核: the assessment records."""
