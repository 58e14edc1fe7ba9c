"""What the service tells people by itself."""
