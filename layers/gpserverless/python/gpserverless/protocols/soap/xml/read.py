"""XML of untrusted callers, parsed by expat within limits.

SOAP 1.1 forbids a document type in a message (section 3), and without one there are no entities but the five
of XML: nothing expands, and nothing is fetched. Prefixes are resolved here and not by expat, which would copy
the namespace once for each name.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.soap.xml.build import ElementBuilder
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.protocols.soap.xml.encodings import find_encoding

MAX_BYTES = 32_000_000
"""Most bytes of one message; API Gateway and Lambda end at less."""

_BLOCK = 1 << 18
"""Bytes that expat gets at once.

It goes on to the end of a block after an error, and reads an unfinished tag again with each further block.
"""


def read_xml(body: bytes, charset: str = "") -> Element:
    """Read an XML document.

    Args:
        body: UTF-8, UTF-16 or ISO-8859-1.
        charset: The charset of the Content-Type header; the document's own declaration counts more.

    Raises:
        RequestError: It is no well-formed XML, has a document type, or is in another encoding.
        TooLarge: It is over a limit.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge(f"The message has {len(body):,} bytes; at most {MAX_BYTES:,} are read.")
    if not body.strip():
        raise RequestError("The request is empty; send a SOAP envelope.")
    parser = expat.ParserCreate(find_encoding(body, charset))
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    builder = ElementBuilder(parser)
    try:
        _feed(parser, body)
    except expat.ExpatError as problem:
        raise _make_error(problem) from None
    assert builder.root is not None  # noqa: S101 - expat refuses a document without an element
    return builder.root


def _feed(parser: expat.XMLParserType, body: bytes) -> None:
    view = memoryview(body)
    for start in range(0, len(body), _BLOCK):
        parser.Parse(view[start : start + _BLOCK], False)
    parser.Parse(b"", True)


def _make_error(problem: expat.ExpatError) -> RequestError:
    place = f"line {problem.lineno}, column {problem.offset + 1}"
    return RequestError(f"The request is not well-formed XML: see {place}.")


def _refuse_document_type(*_: Any) -> None:
    raise RequestError("The request has a document type (DOCTYPE), which SOAP forbids; send it without one.")
