"""Whole layers as GeoPackage or FlatGeobuf: written once for each version of a layer, fetched by a link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from gpserverless.errors import InvalidParameter, InvalidValue, NotFound, RequestError
from gpserverless.featurelayers.export import export_layer
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.room import require_room
from gpserverless.formats.files.file_formats import get_format
from gpserverless.http.answer_format import FILE_FORMATS
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.route import FindRoute, Route
from gpserverless.protocols.featureserver.ports import FileStore, LayerReference, LayerSource
from gpserverless.protocols.featureserver.read_step import WHOLE
from gpserverless.protocols.featureserver.whole_layer import DOWNLOADS, check_file, name_file

STORED_BYTES_PER_SECOND = 50_000_000
"""Bytes of a layer for which a second is left, to finish its file and to store it."""

_FORMATS = {"gpkg": "GeoPackage", "fgb": "FlatGeobuf"}
_GROWTH = 3  # FlatGeobuf is written twice: as the features come, and sorted
_RESOURCES = ("layerFile", "mapLayerFile")


@dataclass(frozen=True)
class LayerDownloads:
    """Writes whole layers as files.

    Attributes:
        source: Opens the layers.
        store: Keeps the files.
    """

    source: LayerSource
    store: FileStore

    def download_layer(self, request: Request, layer: LayerReference) -> Response:
        """Return a redirect to the file of a layer.

        Args:
            request: The request, whose format is that of the file.
            layer: The layer.

        Raises:
            InvalidParameter: It is no format of files, or the layer's spatial reference cannot be written.
            TooLarge: The layer is too large for one file, or there is no room for it.
            RequestError: There was no time to write it.
        """
        name = request.answer_format.name
        if name not in FILE_FORMATS:
            raise InvalidParameter("f", f"no {name} is written here", ", ".join(FILE_FORMATS))
        check_file(layer.manifest, name)
        key, filename = _name_version(layer, name), name_file(layer.manifest, name)
        url = self.store.find_file(key, FILE_FORMATS[name], filename)
        return see_other(url or self._write(layer, name, key, filename))

    def download_hosted_layer(self, request: Request, name: str, layer: str) -> Response:
        """Return a redirect to the file of a layer of a hosted service.

        Args:
            request: The request.
            name: Name of the service.
            layer: Number of the layer.
        """
        service = self.source.find_service(name, request.caller, WHOLE)
        return self.download_layer(request, service.find_layer(layer))

    def _write(self, layer: LayerReference, name: str, key: str, filename: str) -> str:
        with self.source.open_layer(layer) as opened, TemporaryDirectory() as folder:
            require_room(opened.manifest, Path(folder), _GROWTH)
            path = Path(folder, filename)
            whole = opened.deadline
            try:
                reserve = opened.manifest.size / STORED_BYTES_PER_SECOND
                opened.deadline = replace(whole, until=whole.until - reserve)
                _export(opened, path, name)
                return self.store.store_file(key, path, FILE_FORMATS[name], filename, whole.check)
            except (RequestError, TimeoutError):
                if not opened.deadline.is_over:
                    raise
                raise _make_late(layer.manifest) from None


def _export(layer: LayerFile, path: Path, name: str) -> None:
    try:
        export_layer(layer, path, get_format(_FORMATS[name]))
    except InvalidValue as error:
        raise InvalidParameter("f", error.problem, error.accepted) from None


def _make_late(manifest: LayerManifest) -> RequestError:
    rows = f"the {manifest.count:,} rows of '{manifest.name}'"
    return RequestError(
        f"There was no time to write {rows} as one file. Query them page by page, or give the layer to "
        "FeaturesToFile of the service Files, which writes it as a job."
    )


def _name_version(layer: LayerReference, name: str) -> str:
    """Return the name of the file of this version of a layer in a format."""
    version = [layer.key, layer.modified, name, layer.manifest.to_document()]
    return sha256(orjson.dumps(version)).hexdigest()


def make_download_route(find_route: FindRoute) -> FindRoute:
    """Return a function that finds the route of a path below `DOWNLOADS`.

    Args:
        find_route: Finds the route of the layer, of which the path is the same below `services`.
    """

    def find(segments: tuple[str, ...]) -> Route:
        if tuple(segment.lower() for segment in segments[:2]) != ("rest", DOWNLOADS):
            raise NotFound("There is no such resource.")
        route = find_route(("rest", "services", *segments[2:]))
        if route.resource not in _RESOURCES:
            raise NotFound("There is no such resource.")
        return route

    return find
