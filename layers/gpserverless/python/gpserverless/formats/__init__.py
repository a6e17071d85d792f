"""Feature sets from and to Esri JSON, GeoJSON, KML and files; rasters."""
