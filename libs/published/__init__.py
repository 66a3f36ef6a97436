"""What services tell each other: one module a service, the events that others may read."""
