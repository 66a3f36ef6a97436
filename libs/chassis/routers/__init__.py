"""Routes that every service has: uploads, the log for auditors."""
