"""Multipart bodies (RFC 7578), which bring values and files.

A part with a file name is a file. It is a value, too, of the field that it is sent under: browsers give every
Blob the file name "blob", and other clients send large values as files.
"""

from __future__ import annotations

import binascii
import codecs
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

from gpserverless.errors import InvalidParameter, RequestError, TooLarge
from gpserverless.http.file_names import read_file_name

MAX_PARTS = 1_000
"""Parts that a body may have, as many as any form has fields: the form of a task has one for each part."""

MAX_HEADER_BYTES = 4_096
"""Bytes that the headers of one part may have."""


_CHARSETS = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16"})
"""Encodings that a part may name; one that names none is in UTF-8."""

_IDENTITY = frozenset({b"", b"7bit", b"8bit", b"binary"})
"""Transfer encodings that leave the bytes as they are."""


@dataclass(frozen=True)
class UploadedFile:
    """A file in a request.

    Attributes:
        field: Name of the form's field.
        name: File name of the caller, unchecked.
        body: Its bytes.
        charset: Encoding of its text, if it is one.
    """

    field: str
    name: str
    body: bytes
    charset: str = "utf-8"

    def read_text(self) -> str:
        """Return the file as the text of a value.

        Raises:
            InvalidParameter: It is no text.
        """
        text = _decode_text(self.body, self.charset)
        if text is None:
            accepted = "the value as text; a file goes by its URL, or by the id of an uploaded item"
            problem = f"a file came as its value, and it is no text in {self.charset[:40]}"
            raise InvalidParameter(self.field, problem, accepted)
        return text


@dataclass(frozen=True)
class MultipartForm:
    """The parts of a body.

    Attributes:
        values: Names and values of all parts, in their order; those of files are files.
        files: The parts that have a file name.
    """

    values: tuple[tuple[str, str | UploadedFile], ...]
    files: tuple[UploadedFile, ...]


def read_multipart(body: bytes, content_type: str) -> MultipartForm:
    """Return the values and the files of a body.

    Args:
        body: The body.
        content_type: The request's content type with its boundary.

    Raises:
        RequestError: The body does not match its content type.
        TooLarge: It has too many parts.
    """
    # Headers are latin-1; a character beyond is in no boundary.
    sent = content_type.encode("latin-1", "replace")
    boundary = parse_options_header(sent)[1].get(b"boundary", b"")
    if not boundary:
        raise RequestError("The multipart body has no boundary.")
    reader = _Reader()
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise RequestError("The multipart body is malformed.") from None
    if not reader.ended:
        raise RequestError("The multipart body ends too early.")
    files = tuple(value for _, value in reader.values if isinstance(value, UploadedFile))
    return MultipartForm(tuple(reader.values), files)


class _Reader:
    """Collects the parts that the parser finds."""

    def __init__(self) -> None:
        self.values: list[tuple[str, str | UploadedFile]] = []
        self.ended = False
        self._headers: dict[str, bytes] = {}
        self._name = self._value = b""
        self._body = bytearray()

    def callbacks(self) -> MultipartCallbacks:
        """Return the callbacks of the parser."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        if len(self.values) >= MAX_PARTS:
            raise TooLarge(f"The request has more than {MAX_PARTS} parts.")
        self._headers, self._body = {}, bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._bound_headers()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bound_headers()

    def _bound_headers(self) -> None:
        if len(self._name) + len(self._value) + sum(map(len, self._headers.values())) > MAX_HEADER_BYTES:
            raise TooLarge("A part of the request has headers that are too long.")

    def _header_end(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value
        self._name = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._body += data[start:end]

    def _end(self) -> None:
        disposition = self._headers.get("content-disposition", b"")
        kind, options = parse_options_header(disposition)
        if kind != b"form-data" or b"name" not in options:
            raise RequestError("A part of the request has no name.")
        field, body = _decode(options[b"name"]), self._decode_body()
        name = read_file_name(disposition, options.get(b"filename"))
        charset = parse_options_header(self._headers.get("content-type"))[1].get(b"charset", b"utf-8")
        text = charset.decode("latin-1")
        self.values.append(
            (field, _decode(body, text) if name is None else UploadedFile(field, name, body, text))
        )

    def _decode_body(self) -> bytes:
        """Return the body of a part; mail libraries encode it, though RFC 7578 (4.7) does without."""
        encoding = self._headers.get("content-transfer-encoding", b"").strip().lower()
        if encoding in _IDENTITY:
            return bytes(self._body)
        if encoding == b"quoted-printable":
            return binascii.a2b_qp(self._body)
        with suppress(binascii.Error):  # refused below, as an unknown encoding is
            if encoding == b"base64":
                return binascii.a2b_base64(b"".join(self._body.split()), strict_mode=True)
        name = encoding.decode("latin-1")[:40]
        raise RequestError(f"A part of the request cannot be read as '{name}'; send it as it is.")

    def _finish(self) -> None:
        self.ended = True


def _decode(value: bytes, charset: str = "utf-8") -> str:
    text = _decode_text(value, charset)
    if text is None:
        raise RequestError(f"The request is not encoded as {charset[:40].upper()}.")
    return text


def _decode_text(value: bytes, charset: str) -> str | None:
    try:
        return value.decode(charset) if codecs.lookup(charset).name in _CHARSETS else None
    except (UnicodeDecodeError, LookupError):
        return None
