"""A module of the layer."""

WORD = "one"
