"""The GPServer protocol on the wire: request to call, specs and results to JSON. No I/O."""
