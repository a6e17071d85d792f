"""Files of features: shapefile, GeoPackage, GeoJSON, CSV, KML, FlatGeobuf and file geodatabase.

Everything but CSV is read and written by GDAL through pyogrio, which only the vector worker carries; nothing
outside this room imports it, and this room is imported when a tool first uses a file.
"""
