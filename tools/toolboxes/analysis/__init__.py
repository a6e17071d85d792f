"""Tools of spatial analysis under the names and parameters of ArcGIS' system tools."""

from gpserverless import Service

service = Service(execution="async", max_records=100_000, uploads=True)
