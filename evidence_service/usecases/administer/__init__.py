"""What admins do, and how people sign in."""
