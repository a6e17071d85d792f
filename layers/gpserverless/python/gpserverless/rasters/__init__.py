"""Rasters: opened and written by rasterio, which only the raster worker carries; imported at first use."""
