"""The operations of the catalogue and of a service."""
