"""ArcGIS image services: the rasters that jobs made, drawn and read place by place."""
