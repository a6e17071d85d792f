"""All toolboxes: one folder is one GP service, one file in it is one task."""
