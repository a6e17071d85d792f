"""The step of a reading that a request is, for requests as clients send them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from gpserverless.caller import Caller, Role
from gpserverless.errors import InvalidParameter
from gpserverless.http.request import Request, read_request
from gpserverless.protocols.featureserver.read_step import read_step

ALL = {"where": "1=1", "outFields": "*", "f": "json"}


def ask(agent: str = "GDAL/3.12.4", caller: Caller | None = None, **fields: Any) -> Request:
    event = {
        "rawPath": "/arcgis/rest/services/Hosted/Wells/FeatureServer/0/query",
        "rawQueryString": urlencode(fields),
        "headers": {"User-Agent": agent},
        "requestContext": {"http": {"method": "GET"}, "stage": "$default"},
    }
    return replace(read_request(event), caller=caller or Caller(address="192.0.2.1"))


WAYS: list[tuple[str, dict[str, str], str]] = [
    ("arcgis", {**ALL, "returnAllRecords": "true"}, "first"),
    ("arcgis", {"where": "1=1", "returnCountOnly": "true"}, "count"),
    ("arcgis", {"where": "1=1", "returnIdsOnly": "true"}, "ids"),
    ("arcgis", {"objectIds": "1,2,3", "outFields": "*"}, "part"),
    ("QGIS", {"where": "1=1", "returnIdsOnly": "TRUE"}, "ids"),
    ("QGIS", {"objectIds": "7", "outFields": "NAME", "returnIdsOnly": ""}, "part"),
    ("GDAL", ALL, "first"),
    ("GDAL", {**ALL, "returnCountOnly": "true"}, "total"),
    ("GDAL", {**ALL, "returnExtentOnly": "true"}, "total"),
    ("GDAL", {**ALL, "resultOffset": "2000", "resultRecordCount": "2000"}, "next"),
    ("restapi", {**ALL, "resultOffset": "0", "orderByFields": "OBJECTID ASC"}, "again"),
    ("pyesridump", {"where": "1=1", "returnCountOnly": "true"}, "count"),
    ("pyesridump", {**ALL, "resultOffset": "1000", "resultRecordCount": "1000"}, "next"),
    ("a count that asks for ids too", {"returnIdsOnly": "true", "returnCountOnly": "true"}, "count"),
    ("a part that is counted", {"objectIds": "1,2", "returnCountOnly": "true"}, "part"),
    ("fields that say nothing", {"objectIds": " ", "resultOffset": "", "returnIdsOnly": "false"}, "first"),
]


@pytest.mark.parametrize(("client", "fields", "way"), WAYS, ids=[f"{w[0]} {w[2]}" for w in WAYS])
def test_way_of_a_request(client: str, fields: dict[str, str], way: str) -> None:
    assert read_step(ask(client, **fields), 0).way == way


@pytest.mark.parametrize(
    "others", [{"where": ""}, {"where": " 1 = 1"}, {"outFields": "NAME"}, {"token": "t"}]
)
def test_pages_of_the_same_rows_are_one_reading(others: dict[str, str]) -> None:
    first, later = ask(**ALL), ask(**{**ALL, **others, "resultOffset": "2000"})
    assert replace(read_step(later, 0), way="first") == read_step(first, 0)


@pytest.mark.parametrize(
    "others",
    [
        {"where": "POP > 1"},
        {"geometry": "0,0,1,1"},
        {"geometry": "0,0,1,1", "inSR": "4326"},
        {"time": "0,1"},
        {"distance": "5"},
        {"returnDistinctValues": "true"},
        {"outStatistics": "[]"},
    ],
)
def test_other_rows_are_another_reading(others: dict[str, str]) -> None:
    assert read_step(ask(**ALL), 0).condition != read_step(ask(**{**ALL, **others}), 0).condition


def test_a_client_is_a_user_or_an_address_and_its_program() -> None:
    ann = Caller("ann", Role.USER, address="192.0.2.1")
    assert read_step(ask("curl", **ALL), 0).client == ("192.0.2.1", "curl")
    assert read_step(ask("curl", ann, **ALL), 0).client == ("ann", "curl")


def test_wrong_fields_are_refused_as_a_query_refuses_them() -> None:
    with pytest.raises(InvalidParameter, match="'resultOffset'"):
        read_step(ask(**ALL, resultOffset="x"), 0)
