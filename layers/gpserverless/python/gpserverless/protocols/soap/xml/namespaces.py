"""Namespaces of SOAP, of XML Schema and of ArcGIS."""

from __future__ import annotations

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP_ENVELOPES = frozenset({SOAP_11, SOAP_12})

SCHEMA_INSTANCES = frozenset(
    f"http://www.w3.org/{year}/XMLSchema-instance" for year in ("2001", "2000/10", "1999")
)
"""The namespace of `xsi:type`, and those of drafts that old clients write."""

NEXT_ACTORS = frozenset(
    {
        "",
        "http://schemas.xmlsoap.org/soap/actor/next",
        f"{SOAP_12}/role/next",
        f"{SOAP_12}/role/ultimateReceiver",
    }
)
"""Names by which a SOAP header addresses the server that answers."""

ARCGIS = "http://www.esri.com/schemas/ArcGIS/"
"""What the namespaces of all versions begin with."""

ADVERTISED_ARCGIS = f"{ARCGIS}10.8"
"""The version of the service descriptions, and of the answer to a call that names none."""
