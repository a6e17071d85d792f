"""The documentation site of `make docs`: links of pages, look, and the check that nothing is fetched."""
