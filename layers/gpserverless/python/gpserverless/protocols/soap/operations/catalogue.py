"""The operations of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gpserverless.errors import NotFound
from gpserverless.protocols.soap.endpoints import write_address
from gpserverless.protocols.soap.operation import Answer, Handlers, SoapRequest
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import ServiceSpec

_TWO_PARTS = re.compile(r"(\d{1,3})\.(\d{1,3})", re.ASCII)
_NEWEST = "esriArcGISVersion108"
_VERSIONS = {
    (9, 2): "esriArcGISVersion92",
    (9, 3): "esriArcGISVersion93",
    (10, 0): "esriArcGISVersion10",
    (10, 1): "esriArcGISVersion101",
    (10, 3): "esriArcGISVersion103",
    (10, 4): "esriArcGISVersion104",
    (10, 5): "esriArcGISVersion105",
    (10, 6): "esriArcGISVersion106",
    (10, 7): "esriArcGISVersion107",
    (10, 8): _NEWEST,
}
"""The word for each version that has one; a proxy of an older version reads no newer word."""

_NEGOTIATED = (9, 0)
"""The version in which ArcPy and ArcGIS Pro ask for the newest one."""


@dataclass(frozen=True)
class CatalogueOperations:
    """Handlers of the operations of the catalogue.

    Attributes:
        catalogue: The published services.
        token_path: Path below the site where tokens are given out, "" if none are needed.
    """

    catalogue: Catalogue
    token_path: str

    @property
    def handlers(self) -> Handlers:
        """The handlers by the name of their operation."""
        return {
            "GetMessageVersion": lambda request: {"MessageVersion": find_message_version(request.version)},
            "GetMessageFormats": lambda request: {"MessageFormats": "esriServiceCatalogMessageFormatSoap"},
            "RequiresTokens": lambda request: {"Result": bool(self.token_path)},
            "GetTokenServiceURL": self.get_token_url,
            "GetFolders": self.get_folders,
            "GetServiceDescriptions": self.get_all_services,
            "GetServiceDescriptionsEx": self.get_services,
        }

    def get_token_url(self, request: SoapRequest) -> Answer:
        """Return the URL where tokens are given out.

        Args:
            request: The request.
        """
        return {"TokenServiceURL": f"{request.root}{self.token_path}" if self.token_path else ""}

    def get_folders(self, request: SoapRequest) -> Answer:
        """Return the names of the folders.

        Args:
            request: The request.
        """
        return {"FolderNames": list(self.catalogue.for_caller(request.caller).folders)}

    def get_all_services(self, request: SoapRequest) -> Answer:
        """Return the services of all folders.

        Args:
            request: The request.
        """
        return _describe(self.catalogue.for_caller(request.caller).services.values(), request.root)

    def get_services(self, request: SoapRequest) -> Answer:
        """Return the services of a folder; an unknown one has none.

        Args:
            request: The request.
        """
        folder = request.read("FolderName").strip("/")
        shown = self.catalogue.for_caller(request.caller)
        named = next((name for name in shown.folders if name.lower() == folder.lower()), folder)
        try:
            services = shown.list_services(named)
        except NotFound:
            services = ()
        return _describe(services, request.root)


def find_message_version(version: str) -> str:
    """Return the word for the newest version that a client of a version understands.

    Args:
        version: The version in the namespace of the request: "10.7", "3.5.0".
    """
    found = _TWO_PARTS.fullmatch(version)
    if found is None:  # of ArcGIS Pro's runtime, with three parts
        return _NEWEST
    request = (int(found[1]), int(found[2]))
    if request == _NEGOTIATED:
        return _NEWEST
    older = [known for known in _VERSIONS if known <= request]
    return _VERSIONS[max(older, default=min(_VERSIONS))]


def _describe(services: Iterable[ServiceSpec], root: str) -> Answer:
    described = [
        Node(
            "ServiceDescription",
            {
                "Name": service.name,
                "Type": "GPServer",
                "Url": write_address(root, service.name),
                "ParentType": "",
                "Capabilities": "Uploads" if service.uploads else "",
                "Description": service.description,
            },
        )
        for service in services
    ]
    return {"ServiceDescriptions": described}
