"""Ten megabytes of hostile XML take seconds, and memory that is bounded."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest

from gpserverless.errors import RequestError
from gpserverless.protocols.soap.xml.read import read_xml
from tests.patience import LONG
from tests.protocols.soap.documents import NAMESPACES

MB = 1_000_000
TEN_MB = 10 * MB


def number(form: str, count: int) -> bytes:
    """Return a piece of XML with each number from 0."""
    return "".join(form % n for n in range(count)).encode()


def fill(unit: str) -> bytes:
    """Return 10 MB of a repeated piece of XML in a root."""
    root = f"<root {NAMESPACES}>".encode()
    return root + unit.encode() * ((TEN_MB - len(root)) // len(unit)) + b"</root>"


FLOODS: dict[str, Callable[[], bytes]] = {
    "elements": lambda: fill("<a/>"),
    "elements with types": lambda: fill('<a i:type="t:b"/>'),
    "declarations": lambda: fill('<a xmlns:b="c"/>'),
    "distinct names": lambda: b"<a>" + number("<b%x/>", 1_200_000) + b"</a>",
    "one text": lambda: b"<a>" + b"x" * TEN_MB + b"</a>",
    "one text in pieces": lambda: b"<a>" + b"x<!-- -->" * (TEN_MB // 9) + b"</a>",
    "references": lambda: b"<a>" + b"&amp;" * (TEN_MB // 5) + b"</a>",
    "one attribute": lambda: b'<a b="' + b"x" * TEN_MB + b'"/>',
    "attributes": lambda: b"<a " + number('a%x="" ', 900_000) + b"/>",
    "attributes of a long namespace": lambda: (
        b'<a xmlns:u="' + b"u" * 5_000_000 + b'" ' + number('u:a%x="" ', 400_000) + b"/>"
    ),
    "prefixes": lambda: b"<a " + number('xmlns:a%x="" ', 600_000) + b"/>",
    "one comment": lambda: b"<a><!--" + b"x" * TEN_MB + b"--></a>",
    "an unfinished tag": lambda: b"<a " + b"x" * TEN_MB,
    "one name": lambda: b"<" + b"x" * TEN_MB + b"/>",
    "points": lambda: b"<PointArray>" + b"<p><X>1</X></p>" * (TEN_MB // 15) + b"</PointArray>",
    "empty points": lambda: b"<PointArray>" + b"<p/>" * (TEN_MB // 4) + b"</PointArray>",
    "arrays of no points": lambda: fill("<PointArray/>"),
    "records": lambda: b"<Records>" + b"<Record/>" * (TEN_MB // 9) + b"</Records>",
    "cells": lambda: b"<Records><Record><Values>" + b"<Value/>" * (TEN_MB // 8),
}


LARGEST = ("elements", "declarations", "attributes", "prefixes", "empty points", "arrays of no points")


@pytest.mark.parametrize("flood", FLOODS)
def test_ten_megabytes_take_seconds(flood: str) -> None:
    body = FLOODS[flood]()
    began = time.process_time()
    with suppress(RequestError):
        read_xml(body)
    assert time.process_time() - began < LONG


@pytest.mark.parametrize("flood", LARGEST)
def test_ten_megabytes_take_bounded_memory(flood: str) -> None:
    body = FLOODS[flood]()
    tracemalloc.start(1)
    with suppress(RequestError):
        read_xml(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 300 * MB
