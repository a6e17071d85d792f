"""Values without features: units, extents, spatial references, hidden texts."""
