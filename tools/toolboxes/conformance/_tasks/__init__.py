"""The conformance tasks themselves."""
