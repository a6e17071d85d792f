"""Where results go: into the answer, or into the store with a signed link."""
