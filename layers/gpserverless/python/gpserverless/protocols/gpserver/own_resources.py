"""Results, files, uploads and layers of this site that a call names by their URLs, read from the store.

No request is sent, so a call never calls the site that answers it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import orjson

from gpserverless.calls.file_urls import root_of
from gpserverless.calls.layer_query import WriteLayer, read_layer_query
from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.references import LocalFile, Reference
from gpserverless.errors import InvalidValue
from gpserverless.fetch.inputs import UploadedItems
from gpserverless.http.route import Route
from gpserverless.jobs.keys import layer_key
from gpserverless.outputs.rewrite import find_service_url
from gpserverless.protocols.gpserver.own_urls import LAYERS, OwnUrls, as_problem_of_value, find_own_route
from gpserverless.protocols.gpserver.result_value import copy_value, write_layer_value
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.uploads.ports import StoredObject

_FEATURES = ("GPFeatureRecordSetLayer", "GPRecordSet")
_LIST = "GPMultiValue:"
_SHORT = 10_000
"""More bytes than a result has whose features are kept in a service."""

_FILES = ("GPDataFile", "GPRasterData", "GPRasterDataLayer")


class StoredObjects(Protocol):
    """The objects of results and files."""

    def stat(self, key: str) -> StoredObject:
        """Return key, size and tag of an object.

        Args:
            key: Key of the object.

        Raises:
            NotFound: There is no such object.
        """

    def save(self, stored: StoredObject, path: Path, check_cancelled: CheckCancelled) -> None:
        """Write an object into a file.

        Args:
            stored: The object, as `stat` gives it.
            path: Path of the file.
            check_cancelled: Called several times a second; it raises to end the transfer.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """


@dataclass(frozen=True)
class OwnResources:
    """Reads the resources that URLs of this site name.

    Attributes:
        urls: Finds it.
        objects: The store of results and files.
        items: Uploaded items.
        write_layer: Writes the part of a layer that a value names.
    """

    urls: OwnUrls
    objects: StoredObjects
    items: UploadedItems
    write_layer: WriteLayer

    def fetch(
        self, reference: Reference, call: Call, folder: Path, limits: Limits, check: CheckCancelled
    ) -> LocalFile | None:
        """Copy the content of a reference into a folder; return None if it does not lead to this site.

        Args:
            reference: The reference.
            call: The call. It knows the caller, and the URL of its files tells the public URL of the site.
            folder: Where to write it.
            limits: The most bytes that it may have, and the most rows of a layer.
            check: Called several times a second; it raises to end the copying.

        Raises:
            InvalidValue: It cannot be had, or is too large, or not of the kind that is expected.
        """
        root = root_of(call.files_url)
        route = find_own_route(reference.url, root) if reference.url else None
        if route is None:
            return None
        copy = _Copy(self, call, reference, folder, limits)
        with as_problem_of_value():
            if route.resource == "item":
                self.urls.check_service(route, call.caller)
                items, names = self.items.of(call.caller), route.names
                return items.fetch(names["service"], names["item"], folder, limits.max_bytes, check)
            return Deadline(check).wait_for(lambda check: copy.copy(route, check))


@dataclass(frozen=True)
class _Copy:
    """The copying of one result or file."""

    own: OwnResources
    call: Call
    reference: Reference
    folder: Path
    limits: Limits

    def copy(self, route: Route, check: CheckCancelled) -> LocalFile:
        if route.resource == "result":
            return self._copy_result(route, check)
        if route.resource in LAYERS:
            return self._copy_layer(route, check)
        name, key = self.own.urls.find_key(route, self.call.caller)
        return self._save(key, self.folder / file_name(name, self.reference.format), check)

    def _copy_result(self, route: Route, check: CheckCancelled) -> LocalFile:
        name, stored = self.own.urls.find_result(route, self.call.caller)
        kind, data_type = self.reference.kind, stored.data_type
        wanted = {"features": _FEATURES, "table": _FEATURES}.get(kind, ())
        if data_type not in (*wanted, *_FILES) and kind != "file":
            noun = "raster" if kind == "raster" else kind
            raise InvalidValue(f"the result '{name}' is of type {data_type}, and no {noun}")
        if data_type.removeprefix(_LIST) in _FILES and data_type not in _FILES:
            raise InvalidValue(f"the result '{name}' is a list of files", "the URL of one of them")
        whole = self._save(stored.key, self.folder / "result", check).path
        value = self.folder / file_name(f"{name}.json")
        copy_value(whole, value, name)
        is_kept = find_service_url(whole.read_bytes()) if stored.size < _SHORT else ""
        whole.unlink()
        if is_kept and stored.layer_size:
            layer = self._save(layer_key(stored.key), self.folder / "result", check).path
            write_layer_value(layer, value)
            layer.unlink()
        return self._follow(value, check) if data_type in _FILES else LocalFile(value)

    def _copy_layer(self, route: Route, check: CheckCancelled) -> LocalFile:
        asked = read_layer_query(self.reference, self.limits)
        layer = self._save(self.own.urls.find_layer(route, self.call.caller), self.folder / "layer", check)
        value = self.folder / "features.json"
        self.own.write_layer(layer.path, asked, value, check)
        layer.path.unlink()
        return LocalFile(value)

    def _follow(self, value: Path, check: CheckCancelled) -> LocalFile:
        """Copy the file that a result refers to."""
        document = orjson.loads(value.read_bytes())
        url = document.get("url") if isinstance(document, dict) else None
        route = find_own_route(url, root_of(self.call.files_url)) if url else None
        if route is None or route.resource != "file":
            raise InvalidValue("the result has no file")
        value.unlink()
        reference = replace(self.reference, format=self.reference.format or document.get("format", ""))
        return replace(self, reference=reference).copy(route, check)

    def _save(self, key: str, path: Path, check: CheckCancelled) -> LocalFile:
        stored = self.own.objects.stat(key)
        if stored.size > self.limits.max_bytes:
            raise InvalidValue(f"it has {stored.size:,} bytes", f"at most {self.limits.max_bytes:,}")
        self.own.objects.save(stored, path, check)
        return LocalFile(path)
