"""What a person sees who opens a service's address: what it is, and its API as a page."""
