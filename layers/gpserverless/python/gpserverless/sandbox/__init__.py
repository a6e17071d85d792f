"""Runs a tool in a process of its own."""
