"""人员信息: persons and their filings."""
