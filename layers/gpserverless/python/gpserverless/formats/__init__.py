"""Formats: Esri JSON, GeoJSON, KML and files of feature sets, and rasters; read and written by functions."""
