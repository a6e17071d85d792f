"""Data of the pages that `make pages` takes from Python's libraries."""
