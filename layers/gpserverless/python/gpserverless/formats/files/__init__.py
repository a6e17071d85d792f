"""Files of features: shapefile, GeoPackage, GeoJSON, CSV, KML, FlatGeobuf and file geodatabase.

CSV is read and written here; every other format by GDAL through pyogrio, which only the vector worker has.
This package is imported when a tool first uses a file.
"""
