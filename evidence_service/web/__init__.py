"""Pages for the three roles, over the same use cases as the API."""
