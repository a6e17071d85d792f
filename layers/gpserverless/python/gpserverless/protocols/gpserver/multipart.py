"""Multipart bodies, which bring files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

from gpserverless.errors import RequestError, TooLarge

MAX_PARTS = 100
"""Parts that a body may have; clients send a file and a handful of fields."""

MAX_HEADER_BYTES = 4_096
"""Bytes that the headers of one part may have."""


@dataclass(frozen=True)
class UploadedFile:
    """A file in a request.

    Attributes:
        field: Name of the form's field.
        name: File name of the caller, unchecked.
        body: Its bytes.
    """

    field: str
    name: str
    body: bytes


def read_multipart(body: bytes, content_type: str) -> tuple[list[tuple[str, str]], tuple[UploadedFile, ...]]:
    """Return the fields and the files of a body.

    Args:
        body: The body.
        content_type: The request's content type with its boundary.

    Raises:
        RequestError: The body does not match its content type.
        TooLarge: It has too many parts.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
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
    return reader.fields, tuple(reader.files)


class _Reader:
    """Collects the parts that the parser finds."""

    def __init__(self) -> None:
        self.fields: list[tuple[str, str]] = []
        self.files: list[UploadedFile] = []
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
        if len(self.fields) + len(self.files) >= MAX_PARTS:
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
        kind, options = parse_options_header(self._headers.get("content-disposition", b""))
        if kind != b"form-data" or b"name" not in options:
            raise RequestError("A part of the request has no name.")
        field = _decode(options[b"name"])
        if b"filename" in options:
            self.files.append(UploadedFile(field, _decode(options[b"filename"]), bytes(self._body)))
        else:
            self.fields.append((field, _decode(bytes(self._body))))

    def _finish(self) -> None:
        self.ended = True


def _decode(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise RequestError("The request is not encoded as UTF-8.") from None
