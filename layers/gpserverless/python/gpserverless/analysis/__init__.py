"""The engines of the tools of spatial analysis: pure functions on feature sets and tables.

Toolboxes import the modules of this room, and beside them the front door alone.
"""
