"""Record sets, geometries and spatial references, in columns."""
