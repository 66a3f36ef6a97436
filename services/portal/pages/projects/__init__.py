"""项目信息: contracts, projects and their stages."""
