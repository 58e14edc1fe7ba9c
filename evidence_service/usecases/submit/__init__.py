"""What leaves the house, and how it ended."""
