"""A client of geoprocessing services that knows nothing but HTTP and JSON."""

from dev.gp_client.client import FINAL, SERVICES, GpClient
from dev.gp_client.errors import GpError

__all__ = ["FINAL", "SERVICES", "GpClient", "GpError"]
