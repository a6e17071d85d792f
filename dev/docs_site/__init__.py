"""The documentation site of `make docs`: the links of its pages, its look, and the check that it fetches nothing."""
