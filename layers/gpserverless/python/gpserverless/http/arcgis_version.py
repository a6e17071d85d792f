"""The version of ArcGIS Server whose protocols are spoken."""

VERSION = 11.5
"""The version as a number, which `currentVersion` is on the wire."""

FULL_VERSION = "11.5.0"
"""The version as a text, which `fullVersion` is."""
