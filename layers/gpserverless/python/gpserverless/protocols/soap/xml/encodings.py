"""The encoding of an XML document, before a parser has read it."""

from __future__ import annotations

import codecs
import re

from gpserverless.errors import RequestError

_ACCEPTED = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
    "utf-16": "utf-16", "utf-16le": "utf-16", "utf-16be": "utf-16",
    "iso-8859-1": "iso-8859-1", "latin-1": "iso-8859-1", "latin1": "iso-8859-1",
}  # fmt: skip
"""Names of encodings, and the encoding that is read: ASCII is a part of UTF-8."""

_MARKS = (
    (codecs.BOM_UTF32_LE, ""), (codecs.BOM_UTF32_BE, ""), (b"<\0\0\0", ""), (b"\0\0\0<", ""),
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"),
    (b"<\0", "utf-16le"), (b"\0<", "utf-16be"),
)  # fmt: skip
"""First bytes of a document, and its encoding; "" for one that is not read."""

_LONGEST_DECLARATION = 400
_DECLARATION = re.compile(r"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'<>]{1,40})["']""")


def find_encoding(body: bytes, charset: str) -> str:
    """Return the encoding of a document in the words of expat.

    Args:
        body: The document; its first bytes count more than its declaration, since they cannot be wrong.
        charset: The charset of the Content-Type header, which counts least (RFC 7303 section 3.2); ""
            for none.

    Raises:
        RequestError: It is an encoding that is not read, or the declaration contradicts the first bytes.
    """
    found = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    if found == "":
        raise _make_error()
    start = body[:_LONGEST_DECLARATION].decode(found or "latin-1", "replace").removeprefix("\ufeff")
    match = _DECLARATION.match(start)
    named = match[1] if match else "" if found else charset
    accepted = _ACCEPTED.get(named.strip().strip("\"'").lower(), "") if named else found or "utf-8"
    if not accepted:
        raise _make_error()
    if (found or "utf-8").startswith("utf-16") != accepted.startswith("utf-16") or (
        found == "utf-8" != accepted
    ):
        raise RequestError("The request is not in the encoding that it names.")
    return found or accepted


def _make_error() -> RequestError:
    return RequestError("The encoding of the request is not read; send UTF-8, UTF-16 or ISO-8859-1.")
