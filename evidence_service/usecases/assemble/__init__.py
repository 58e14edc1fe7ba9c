"""What agents do."""
