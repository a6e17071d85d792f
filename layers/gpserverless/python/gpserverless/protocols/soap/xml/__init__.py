"""XML of untrusted callers, read within limits."""
