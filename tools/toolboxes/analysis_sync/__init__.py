"""The tools of Analysis for small inputs: each call is answered at once."""

from gpserverless import Service

service = Service(execution="sync", max_records=100_000, geometry_precision=9, tools_of="toolboxes.analysis")
