"""Tracking: answers of carriers and aggregators."""
