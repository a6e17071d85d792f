"""Options and environments of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gpserverless.datatypes.base import JSON
from gpserverless.datatypes.scalars import read_truth
from gpserverless.datatypes.spatial_reference import ACCEPTED, read_optional_reference
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.protocols.soap.environments import (
    Environment,
    make_environment_node,
    read_environment_extent,
    read_environment_reference,
    read_environments,
    warn_of_environments,
)
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write_reference import make_reference_node
from gpserverless.protocols.soap.values.places import read_spatial_reference
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.toolkit.call import Call, CallOptions
from gpserverless.values.quotation import quoted

BY_URL = "esriGDSTransportTypeUrl"
EMBEDDED = "esriGDSTransportTypeEmbedded"
_TRANSPORTS = (BY_URL, EMBEDDED, "esriGDSTransportTypeUpload")

_REFERENCE = "Options.SpatialReference"
_TRANSPORT_TYPE = "TransportType"
_TRANSPORT = f"Options.{_TRANSPORT_TYPE}"
_REFERENCE_KEYS = ("outputcoordinatesystem", "spatialreference")
_DISABLED = "disabled"


@dataclass(frozen=True)
class SoapOptions:
    """Options and environments as they were given.

    Attributes:
        call: The options of the call that they mean.
        embeds_files: Whether files are wanted in the answer instead of their URLs.
        document: The options that were given, as JSON, for requests for the job.
        warnings: Sentences for the caller about options without effect.
    """

    call: CallOptions
    embeds_files: bool = False
    document: Mapping[str, JSON] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def has_transport(self) -> bool:
        """Whether the options say how files travel."""
        return _TRANSPORT_TYPE in self.document.get("options", {})


def complete_options(options: SoapOptions, submitted: Call) -> SoapOptions:
    """Return the options of a result with what only those of its job tell.

    Args:
        options: The options of the result.
        submitted: The call that the job was submitted with over SOAP.
    """
    given = submitted.options
    call = replace(options.call, return_z=given.return_z, return_m=given.return_m)
    embeds = options.embeds_files if options.has_transport else _embeds_files(submitted.kept)
    return replace(options, call=call, embeds_files=embeds)


def _embeds_files(document: Mapping[str, JSON]) -> bool:
    return bool(document.get("options", {}).get(_TRANSPORT_TYPE) == EMBEDDED)


def read_options(options: Element | None, environments: Element | None = None) -> SoapOptions:
    """Read the options and environments of a call; unknown ones have no effect.

    Args:
        options: The `GPResultOptions`; None if there are none.
        environments: The `PropertySet` of environments; None if there are none.

    Raises:
        InvalidParameter: The spatial reference or the transport of the options is unknown.
    """
    document = {} if options is None or options.is_nil else _read_document(options)
    given = read_environments(environments)
    by_key = {environment.key.lower(): environment for environment in given}
    warnings: list[str] = []
    found = (read_environment_reference(by_key.get(key), warnings) for key in _REFERENCE_KEYS)
    call = CallOptions(
        out_sr=document.get("SpatialReference") or next((known for known in found if known), None),
        extent=read_environment_extent(by_key.get("extent"), warnings),
        return_z=not _is_disabled(by_key.get("outputzflag")),
        return_m=not _is_disabled(by_key.get("outputmflag")),
    )
    warn_of_environments(given, warnings)
    kept = {"options": document, "environments": [environment.to_document() for environment in given]}
    return SoapOptions(call, _embeds_files(kept), kept, tuple(warnings))


def _is_disabled(environment: Environment | None) -> bool:
    return environment is not None and str(environment.value).strip().lower() == _DISABLED


def _read_document(options: Element) -> dict[str, Any]:
    given = {
        "DensifyFeatures": _read_flag(options, "DensifyFeatures"),
        _TRANSPORT_TYPE: _read_transport(options),
        "SpatialReference": _read_reference(options.find("SpatialReference")),
        "Format": (options.read_text("Format") or "").strip() or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _read_flag(options: Element, name: str) -> bool | None:
    text = (options.read_text(name) or "").strip()
    value = read_truth(text) if text else None
    if text and value is None:
        raise InvalidParameter(f"Options.{name}", f"{quoted(text)} is not a truth value", "true, false")
    return value


def _read_transport(options: Element) -> str | None:
    text = (options.read_text(_TRANSPORT_TYPE) or "").strip()
    if not text:
        return None
    for transport in _TRANSPORTS:
        if transport.lower() == text.lower():
            return transport
    raise InvalidParameter(_TRANSPORT, f"{quoted(text)} is unknown", ", ".join(_TRANSPORTS))


def _read_reference(element: Element | None) -> dict[str, Any] | None:
    if element is None or element.is_nil:
        return None
    try:
        known = read_optional_reference(read_spatial_reference(element))
    except InvalidValue as error:
        raise InvalidParameter(_REFERENCE, error.problem, error.accepted or ACCEPTED) from None
    return None if known is None else known.to_json()


def make_options_node(document: Mapping[str, JSON]) -> Node:
    """Return the options of a job as they were given, or else their defaults.

    Args:
        document: The `document` of the given options; {} for a job without any.
    """
    options = document.get("options") or {}
    reference = options.get("SpatialReference")
    return Node(
        "GPResultOptions",
        {
            "DensifyFeatures": options.get("DensifyFeatures", False),
            _TRANSPORT_TYPE: options.get(_TRANSPORT_TYPE, BY_URL),
            "SpatialReference": None if reference is None else make_reference_node(reference),
            "Format": options.get("Format"),
        },
    )


def make_environments_node(document: Mapping[str, JSON]) -> Node:
    """Return the environments of a job as they were given.

    Args:
        document: The `document` of the given options; {} for a job without any.
    """
    given = [Environment(**environment) for environment in document.get("environments") or []]
    nodes = [make_environment_node(environment) for environment in given]
    array = Node("ArrayOfPropertySetProperty", {"PropertySetProperty": nodes})
    return Node("PropertySet", {"PropertyArray": array})
