"""An extent is written as an envelope."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write_extent import make_envelope_node
from gpserverless.protocols.soap.wsdl import write_service_wsdl
from tests.protocols.soap.clients import load_by_zeep, load_schema, write_answer

FLAT = {"xmin": 1, "ymin": 2.5, "xmax": 3, "ymax": 4}


def read(node: Node) -> Any:
    """Return an envelope as zeep reads it; it is valid by our own schema."""
    answer = write_answer("GetJobResultMapExtent", Result=node)
    load_schema().assertValid(etree.fromstring(answer.encode())[0][0])
    client = load_by_zeep(write_service_wsdl("Samples", "http://localhost"), answer)
    return client.service.GetJobResultMapExtent("j")


def test_all_sides_and_the_reference_are_written() -> None:
    extent = FLAT | {"zmin": 5, "zmax": 6, "mmin": 7, "mmax": 8, "spatialReference": {"wkid": 4326}}
    envelope = read(make_envelope_node(extent))
    names = ("XMin", "YMin", "XMax", "YMax", "ZMin", "ZMax", "MMin", "MMax")
    assert [envelope[name] for name in names] == [1, 2.5, 3, 4, 5, 6, 7, 8]
    assert envelope["SpatialReference"]["WKID"] == 4326


def test_what_is_not_known_is_not_written() -> None:
    envelope = read(make_envelope_node(FLAT))
    assert (envelope["ZMin"], envelope["MMax"], envelope["SpatialReference"]) == (None, None, None)


@pytest.mark.parametrize("side", FLAT)
def test_an_extent_without_a_side_is_refused(side: str) -> None:
    with pytest.raises(InvalidValue, match="not all sides"):
        make_envelope_node({**FLAT, side: None})
