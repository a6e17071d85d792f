"""Requests and answers of the gateway, for every protocol: reading, formats, errors, dispatch."""
