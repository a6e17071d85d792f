"""Inputs that lie elsewhere: the one door to other servers, and what is understood behind it."""
