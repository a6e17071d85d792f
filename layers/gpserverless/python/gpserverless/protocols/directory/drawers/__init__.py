"""The drawers: a module for the pages of each kind of resource."""
