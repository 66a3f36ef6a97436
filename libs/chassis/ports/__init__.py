"""What the HTTP layer depends on, handed in by `run`, and who asks as a value."""
