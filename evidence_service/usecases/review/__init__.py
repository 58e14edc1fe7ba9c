"""What reviewers do."""
