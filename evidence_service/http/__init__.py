"""What both doors to the web share: sign-in, refusals as problems, spooling, idempotency."""
