"""References that are made of the code: of the front door, and of the shipped tools."""
