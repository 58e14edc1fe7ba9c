"""The same use cases as JSON under /api/v1. Views parse, call and present; none decides."""
