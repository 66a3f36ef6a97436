"""Files of strangers are read here, in processes that hold nothing worth taking (decision 50)."""
