"""Hostile inputs: texts of any length that make readers slow, and strategies for values and requests."""
