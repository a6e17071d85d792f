"""The engines of analysis beside bare libraries and beside geopandas: `make bench-tools`."""
