"""Handlers of uploads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from gpserverless.access.audit import audit
from gpserverless.datatypes import json_text
from gpserverless.errors import (
    InvalidParameter,
    InvalidValue,
    MethodNotAllowed,
    MissingParameter,
    NotFound,
)
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.protocols.gpserver import answers, shapes
from gpserverless.protocols.gpserver.admission import CHANGES
from gpserverless.protocols.gpserver.options import read_flag
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.uploads.item import Item
from gpserverless.uploads.uploads import Uploads

MAX_REQUEST_MEGABYTES = 4
"""Megabytes of a file that one request can bring: Lambda takes 6 MB, and base64 adds a third."""

MAX_DESCRIPTION, MAX_NAME = 1_000, 1_000
"""Characters of the description and of the name of an item."""

MAX_PARTS_TEXT = 100_000
"""Characters of the numbers of parts: 10,000 of them, as many as S3 joins."""

_PARTS = "numbers of parts, as 1,2,3"
_PART_NAMES = ("partId", "partNumber", "partID")
_FIELDS = frozenset({"f", "callback", "token", "description", *map(str.lower, _PART_NAMES)})
"""Fields beside the file, in small letters; browsers may send them as files, too."""

Operation = Callable[..., Any]
"""Takes the request, and by keyword the names of its route; returns the document of the answer."""


@dataclass(frozen=True)
class UploadHandlers:
    """Handlers of uploads.

    Attributes:
        catalogue: The published services.
        uploads: The uploaded items.
    """

    catalogue: Catalogue
    uploads: Uploads

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        operations: dict[str, Operation] = {
            "uploads": self.describe,
            "uploads/info": self.get_limits,
            "uploads/upload": self.upload,
            "uploads/register": self.register,
            "item": self.get_item,
            "item/uploadPart": self.upload_part,
            "item/parts": self.get_parts,
            "item/commit": self.commit,
            "item/delete": self.delete,
        }
        written = {key: partial(self._write, operation, key) for key, operation in operations.items()}
        return {**written, "item/download": self.download}

    def _write(
        self, operation: Operation, key: str, request: Request, service: str, **names: str
    ) -> Response:
        self._check_uploads(service)
        document = operation(request, service=service, **names)
        if key in CHANGES:
            item = names["item"] if names else document["item"]["itemID"]
            sent = sum(len(file.body) for file in request.files)
            audit(key, request.caller.name, item=item, bytes_in=sent)
        return write(document, request.answer_format)

    def _check_uploads(self, service: str) -> None:
        if not self.catalogue.service(service).uploads:
            raise NotFound(f"The service '{service}' takes no uploads.")

    def describe(self, request: Request, service: str) -> shapes.Uploads:
        """Describe the uploads of a service.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        return {"operations": ["upload", "register"], "resources": ["info"]}

    def get_limits(self, request: Request, service: str) -> shapes.UploadLimits:
        """Return the limits; clients compare a file with the first before they send it in one request.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        rules = self.uploads.rules
        megabytes = rules.most_bytes // 2**20
        return {
            "maxUploadFileSize": min(MAX_REQUEST_MEGABYTES, megabytes),
            "maxItemSize": megabytes,
            "allowedExtensions": list(rules.extensions),
        }

    def upload(self, request: Request, service: str) -> shapes.Uploaded:
        """Keep a file that comes in one request.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        _check_post(request)
        name, body = _read_file(request)
        return _confirm(
            self.uploads.of(request.caller).upload(service, name, _read_description(request), body)
        )

    def register(self, request: Request, service: str) -> shapes.Uploaded:
        """Register an item whose bytes will come in parts, or directly to the store.

        Args:
            request: The request.
            service: Qualified name of the service.

        Raises:
            MissingParameter: The name of the file is missing.
        """
        _check_post(request)
        name = request.get("itemName", MAX_NAME)
        if not name:
            raise MissingParameter("itemName", "the name of the file, with its extension")
        item = self.uploads.of(request.caller).register(service, name, _read_description(request))
        if not read_flag(request, "presigned"):
            return _confirm(item)
        return {**_confirm(item), "upload": self.uploads.of(request.caller).presign_upload(service, item.id)}

    def get_item(self, request: Request, service: str, item: str) -> shapes.Item:
        """Describe an item.

        Args:
            request: The request.
            service: Qualified name of the service.
            item: Id of the item.
        """
        return _describe_item(self.uploads.of(request.caller).find(service, item))

    def upload_part(self, request: Request, service: str, item: str) -> shapes.Uploaded:
        """Keep one part of an item.

        Args:
            request: The request.
            service: Qualified name of the service.
            item: Id of the item.
        """
        _check_post(request)
        text = next((request.get(name) for name in _PART_NAMES if request.get(name)), "")
        number = _parse_number("partId", text)
        _, body = _read_file(request)
        return _confirm(self.uploads.of(request.caller).add_part(service, item, number, body))

    def get_parts(self, request: Request, service: str, item: str) -> shapes.Parts:
        """List the parts of an item.

        Args:
            request: The request.
            service: Qualified name of the service.
            item: Id of the item.
        """
        return {"parts": self.uploads.of(request.caller).parts(service, item)}

    def commit(self, request: Request, service: str, item: str) -> shapes.Uploaded:
        """Join the parts of an item.

        Args:
            request: The request.
            service: Qualified name of the service.
            item: Id of the item.
        """
        _check_post(request)
        numbers = [_parse_number("parts", text) for text in _split_numbers(request.all("parts"))]
        return _confirm(
            self.uploads.of(request.caller).commit(service, item, numbers, request.get("checksum"))
        )

    def delete(self, request: Request, service: str, item: str) -> shapes.Success:
        """Delete an item.

        Args:
            request: The request.
            service: Qualified name of the service.
            item: Id of the item.
        """
        _check_post(request)
        self.uploads.of(request.caller).delete(service, item)
        return {"success": True}

    def download(self, request: Request, service: str, item: str) -> Response:
        """Redirect to the content of an item.

        Args:
            request: The request.
            service: Qualified name of the service.
            item: Id of the item.
        """
        self._check_uploads(service)
        return see_other(self.uploads.of(request.caller).presign_download(service, item))


def _check_post(request: Request) -> None:
    if request.method != "POST":
        raise MethodNotAllowed("Use POST.")


def _read_file(request: Request) -> tuple[str, bytes]:
    files = [file for file in request.files if file.field.lower() not in _FIELDS]
    named = [file for file in files if file.field.lower() in ("file", "partfile")] or files
    if len(named) != 1:
        raise InvalidParameter("file", f"there are {len(named)} files", "one file, as multipart/form-data")
    return named[0].name, named[0].body


def _read_description(request: Request) -> str | None:
    text = request.get("description", MAX_DESCRIPTION)
    return "".join(c for c in text if c.isprintable() or c in "\n\t") or None


def _split_numbers(values: list[str]) -> list[str]:
    """Return the numbers of parts as texts: from `1,2,3`, from a JSON array, or from repeated fields."""
    if (size := sum(map(len, values))) > MAX_PARTS_TEXT:
        raise InvalidParameter("parts", f"it has {size:,} characters", f"at most {MAX_PARTS_TEXT:,}")
    if len(values) == 1 and values[0].strip().startswith("["):
        try:
            values = [str(value) for value in json_text.parse(values[0], _PARTS)]
        except (InvalidValue, TypeError):
            raise InvalidParameter("parts", "it is no list", _PARTS) from None
    return [part for value in values for part in value.replace(" ", "").split(",") if part]


def _parse_number(parameter: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise InvalidParameter(parameter, "it is not the number of a part", _PARTS)
    return int(text)


def _describe_item(item: Item) -> shapes.Item:
    return answers.item(item.id, item.name, item.description, item.date, item.content is not None)


def _confirm(item: Item) -> shapes.Uploaded:
    return {"success": True, "item": _describe_item(item)}
