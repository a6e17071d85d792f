"""Fault injection: the lab runs the real handlers in virtual time, the soak runs the local cloud for real."""
