"""The case file on S3: a library of its own that knows nothing of disputes."""
