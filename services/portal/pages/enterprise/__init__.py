"""企业信息: the enterprise's information and its filings."""
