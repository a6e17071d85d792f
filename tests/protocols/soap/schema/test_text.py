"""Simple values are written so that XML holds them and readers give them back."""

from __future__ import annotations

import math
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpserverless.protocols.soap.schema.text import escape, escape_attribute, write_simple

SPELLINGS = [
    (True, "true"),
    (False, "false"),
    (-2147483648, "-2147483648"),
    (0.1, "0.1"),
    (1e300, "1e+300"),
    (-0.0, "-0.0"),
    (math.inf, "INF"),
    (-math.inf, "-INF"),
    (math.nan, "NaN"),
    (b"\x00\xff", "AP8="),
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("]]>", "]]&gt;"),
    ("line\r\nline", "line&#13;\nline"),
    ("bell \x07, escape \x1b[0m", "bell \ufffd, escape \ufffd[0m"),
    ("half \ud83d, no character \uffff", "half \ufffd, no character \ufffd"),
    ("  Zürich 🗺 ", "  Zürich 🗺 "),
]


@pytest.mark.parametrize(("value", "text"), SPELLINGS)
def test_a_value_is_spelled_as_in_xml_schema(value: Any, text: str) -> None:
    assert write_simple(value) == text


def test_a_value_without_a_simple_type_is_refused() -> None:
    with pytest.raises(ValueError, match="dict"):
        write_simple({})


XML_CHARACTERS = st.characters(
    codec="utf-8", exclude_characters=[chr(code) for code in range(32) if chr(code) not in "\t\n\r"]
).filter(lambda character: character not in "\ufffe\uffff")


@given(st.text(XML_CHARACTERS))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    read = ElementTree.fromstring(f'<t a="{escape_attribute(text)}">{escape(text)}</t>')
    assert (read.text or "", read.attrib["a"]) == (text, text)


@given(st.text())
def test_any_text_leaves_the_document_readable(text: str) -> None:
    read = ElementTree.fromstring(f"<t>{escape(text)}</t>".encode())
    assert len(read.text or "") == len(text)
