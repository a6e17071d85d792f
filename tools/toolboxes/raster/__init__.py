"""Tools that read rasters, under the names and parameters of ArcGIS' system tools."""

from gpserverless import Service

service = Service(execution="async", worker="raster", uploads=True, max_records=100_000)
