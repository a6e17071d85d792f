"""Tools of spatial analysis under the names and parameters of ArcGIS' system tools."""

from gpserverless import Service

# Nanometres: analysts compare coordinates with those of other programs, closer than on the grid of ArcGIS.
service = Service(execution="async", max_records=100_000, uploads=True, geometry_precision=9, hosted=True)
