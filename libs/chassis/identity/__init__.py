"""Who asks: bearer tokens and the table of rights."""
