"""What each service keeps of the others' facts: directory, changed reference data, clock."""
