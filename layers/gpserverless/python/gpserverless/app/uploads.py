"""The function that takes files in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.http import serve
from gpserverless.app.load_catalogue import from_catalogue_file
from gpserverless.app.snapstart import when_restored
from gpserverless.clock import SystemClock
from gpserverless.datatypes import json_text
from gpserverless.errors import (
    InvalidParameter,
    InvalidValue,
    MethodNotAllowed,
    MissingParameter,
    NotFound,
    RequestError,
)
from gpserverless.protocols.gpserver import answers, shapes
from gpserverless.protocols.gpserver.formats import Format, Response, see_other, write
from gpserverless.protocols.gpserver.options import read_flag
from gpserverless.protocols.gpserver.request import Request
from gpserverless.protocols.gpserver.routes import Route
from gpserverless.settings import Settings
from gpserverless.storage.clients import s3_client
from gpserverless.storage.upload_store import S3UploadStore
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.uploads.item import Item, UploadRules
from gpserverless.uploads.uploads import Uploads

MOST_AT_ONCE = 4
"""Megabytes of a file that one request can bring: Lambda takes 6 MB, and base64 makes a third of it air."""

MAX_DESCRIPTION = 1_000
_PARTS = "numbers of parts, as 1,2,3"
_PART_NAMES = ("partId", "partNumber", "partID")


@dataclass(frozen=True)
class UploadsSettings(Settings):
    """Settings of the function that takes files in."""

    public_url: str
    switched_on: frozenset[str]
    bucket: str
    upload_megabytes: float


class UploadsFunction:
    """Answers everything below `uploads`.

    Args:
        settings: The function's settings.
        catalogue: What is published.
        uploads: Keeps the items.
    """

    def __init__(self, settings: UploadsSettings, catalogue: Catalogue, uploads: Uploads) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._uploads = uploads
        self._on_all: dict[str, Callable[[Request, Route], Any]] = {
            "": self._parent,
            "info": self._info,
            "upload": self._upload,
            "register": self._register,
        }
        self._on_one: dict[str, Callable[[Request, Route], Any]] = {
            "": self._item,
            "uploadPart": self._upload_part,
            "parts": self._parts,
            "commit": self._commit,
            "delete": self._delete,
        }

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> UploadsFunction:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = UploadsSettings.read(environment)
        when_restored()
        store = S3UploadStore(s3_client(), settings.bucket)
        rules = UploadRules(most_bytes=int(settings.upload_megabytes * 2**20))
        uploads = Uploads(store, rules, SystemClock().now)
        return cls(settings, from_catalogue_file(settings.switched_on), uploads)

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the gateway."""
        return serve(event, self._settings.public_url, self._answer)

    def _answer(self, request: Request, route: Route, form: Format) -> Response:
        if not self._catalogue.service(route.service).uploads:
            raise NotFound(f"The service '{route.service}' takes no uploads.")
        if route.resource == "item" and route.name == "download":
            return see_other(self._uploads.presign_download(route.service, route.item))
        operations = self._on_all if route.resource == "uploads" else self._on_one
        if route.resource not in ("uploads", "item"):
            raise RequestError("Invalid URL")
        return write(operations[route.name](request, route), form, f"Uploads: {route.service}")

    def _parent(self, request: Request, route: Route) -> shapes.Uploads:
        return {"operations": ["upload", "register"], "resources": ["info"]}

    def _info(self, request: Request, route: Route) -> shapes.UploadLimits:
        """Return the limits; clients compare a file with the first before they send it in one request."""
        rules = self._uploads.rules
        megabytes = rules.most_bytes // 2**20
        return {
            "maxUploadFileSize": min(MOST_AT_ONCE, megabytes),
            "maxItemSize": megabytes,
            "allowedExtensions": list(rules.extensions),
        }

    def _upload(self, request: Request, route: Route) -> shapes.Uploaded:
        _posted(request)
        name, body = _file(request)
        return _done(self._uploads.upload(route.service, name, _description(request), body))

    def _register(self, request: Request, route: Route) -> shapes.Uploaded:
        _posted(request)
        name = request.get("itemName")
        if not name:
            raise MissingParameter("itemName", "the name of the file, with its extension")
        item = self._uploads.register(route.service, name, _description(request))
        if not read_flag(request, "presigned"):
            return _done(item)
        return {**_done(item), "upload": self._uploads.presign_upload(route.service, item.id)}

    def _item(self, request: Request, route: Route) -> shapes.Item:
        return _shown(self._uploads.find(route.service, route.item))

    def _upload_part(self, request: Request, route: Route) -> shapes.Uploaded:
        _posted(request)
        sent = next((request.get(name) for name in _PART_NAMES if request.get(name)), "")
        number = _number("partId", sent)
        _, body = _file(request)
        return _done(self._uploads.add_part(route.service, route.item, number, body))

    def _parts(self, request: Request, route: Route) -> shapes.Parts:
        return {"parts": self._uploads.parts(route.service, route.item)}

    def _commit(self, request: Request, route: Route) -> shapes.Uploaded:
        _posted(request)
        numbers = [_number("parts", text) for text in _listed(request.all("parts"))]
        return _done(self._uploads.commit(route.service, route.item, numbers, request.get("checksum")))

    def _delete(self, request: Request, route: Route) -> shapes.Success:
        _posted(request)
        self._uploads.delete(route.service, route.item)
        return {"success": True}


def _posted(request: Request) -> None:
    if request.method != "POST":
        raise MethodNotAllowed("Use POST.")


def _file(request: Request) -> tuple[str, bytes]:
    named = [file for file in request.files if file.field.lower() in ("file", "partfile")] or request.files
    if len(named) != 1:
        raise InvalidParameter("file", f"there are {len(named)} files", "one file, as multipart/form-data")
    return named[0].name, named[0].body


def _description(request: Request) -> str | None:
    text = request.get("description")
    return "".join(c for c in text if c.isprintable() or c in "\n\t")[:MAX_DESCRIPTION] or None


def _listed(values: list[str]) -> list[str]:
    """Return the numbers of parts as texts: from `1,2,3`, from a JSON array, or from repeated fields."""
    if len(values) == 1 and values[0].strip().startswith("["):
        try:
            values = [str(value) for value in json_text.parse(values[0], _PARTS)]
        except (InvalidValue, TypeError):
            raise InvalidParameter("parts", "it is no list", _PARTS) from None
    return [part for value in values for part in value.replace(" ", "").split(",") if part]


def _number(parameter: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise InvalidParameter(parameter, "it is not the number of a part", _PARTS)
    return int(text)


def _shown(item: Item) -> shapes.Item:
    return answers.item(item.id, item.name, item.description, item.date, item.content is not None)


def _done(item: Item) -> shapes.Uploaded:
    return {"success": True, "item": _shown(item)}
