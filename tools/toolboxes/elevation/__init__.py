"""Tools on heights, under the names and parameters of the famous sample services."""

from gpserverless import Service

service = Service(execution="async", worker="raster", uploads=True, max_records=100_000)
