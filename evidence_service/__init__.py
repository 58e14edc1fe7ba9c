"""The Evidence Service: dispute evidence gathered, judged, approved, exported and kept provable."""
