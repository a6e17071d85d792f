"""A site with maps of real layer files, asked through the dispatcher as the gateway asks it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import pybase64
from PIL import Image

from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import NotFound, UnknownJob
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.write import LayerProperties, write_layer
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.http.dispatch import Dispatcher, Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.featureserver.documents import describe_layer
from gpserverless.protocols.featureserver.ports import LayerReference
from gpserverless.protocols.mapserver.handlers import MapHandlers
from gpserverless.protocols.mapserver.ports import Map, MapLayer
from gpserverless.protocols.mapserver.routes import find_route_of_site

JOB = "j" + "0" * 32
ROOT = "https://example.org/arcgis"
MAP = f"/rest/services/Field/Plots/MapServer/jobs/{JOB}"
NOW = 1_700_000_000_000


@dataclass
class MapSite:
    """A site whose service "Field/Plots" has one job.

    Attributes:
        layers: The layers of the job.
        stored: The pictures that were stored.
        expires: When the job expires.
    """

    layers: list[MapLayer] = field(default_factory=list)
    stored: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    expires: int | None = None

    @classmethod
    def of(cls, *layers: tuple[FeatureSet[Any] | Table, str, Mapping[str, Any]]) -> MapSite:
        """Return a site with layers of features, a name and a renderer each."""
        folder = Path(tempfile.mkdtemp())
        site = cls()
        for number, (rows, name, renderer) in enumerate(layers):
            path = folder / f"{number}.layer"
            site.layers.append(
                MapLayer(number, write_layer(rows, path, name, LayerProperties(renderer)), str(path))
            )
        return site

    def find_service(self, service: str, caller: Caller) -> Map:
        """Return the map of the service, of which the layers are empty."""
        if service != "Field/Plots":
            raise NotFound(f"Service '{service}' not found.")
        empty = [
            replace(layer, key="", manifest=replace(layer.manifest, count=0, extent=None))
            for layer in self.layers
        ]
        return Map(service, tuple(empty))

    def find_job(self, service: str, job: str, caller: Caller) -> Map:
        """Return the map of the job."""
        self.find_service(service, caller)
        if job != JOB:
            raise UnknownJob(f"Job '{job}' not found.")
        return Map(service, tuple(self.layers), expires=self.expires)

    def open_layer(self, layer: MapLayer) -> AbstractContextManager[LayerFile]:
        """Open a layer."""
        assert layer.key, "a layer without rows is never opened"
        return LayerFile(Path(layer.key))

    def store_picture(self, root: str, body: bytes, content_type: str, ending: str) -> str:
        """Keep a picture."""
        href = f"{root}/rest/directories/arcgisoutput/{len(self.stored):032x}.{ending}"
        self.stored[href] = (body, content_type)
        return href

    @cached_property
    def handlers(self) -> Handlers:
        """The handlers of the function, which live as long as it."""
        return MapHandlers(self, self, describe, query_nothing, query_nothing, query_nothing).routes

    def ask(self, path: str, **options: Any) -> dict[str, Any]:
        """Return the gateway's payload for a GET of a path below the site."""
        dispatcher = Dispatcher(
            ROOT, find_route_of_site, lambda request, route: ANYBODY, lambda **ids: nullcontext()
        )
        event = {
            "rawPath": f"/arcgis{path}",
            "rawQueryString": urlencode(options),
            "headers": {},
            "requestContext": {"http": {"method": "GET"}, "domainName": "example.org", "stage": "$default"},
        }
        return dispatcher.answer(event, self.handlers)

    def read(self, path: str, **options: Any) -> Any:
        """Return the JSON of a resource."""
        answer = self.ask(path, **{"f": "json", **options})
        body = pybase64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
        return orjson.loads(body)

    def draw(self, **options: Any) -> Image.Image:
        """Return the picture of the job with f=image."""
        return Image.open(BytesIO(self.export(**options)))

    def export(self, **options: Any) -> bytes:
        """Return the bytes of the picture of the job with f=image."""
        answer = self.ask(f"{MAP}/export", **{"f": "image", "format": "png32", **options})
        assert not answer["headers"]["content-type"].startswith("application/json"), answer["body"]
        return pybase64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()

    def fail(self, path: str, **options: Any) -> str:
        """Return the first detail of the error of a request."""
        answer = self.ask(path, **{"f": "json", **options})
        assert answer["statusCode"] == 200
        error = orjson.loads(answer["body"])["error"]
        return f"{error['code']}: {' '.join(error['details'])}"


def describe(shown: Map, layer: MapLayer) -> Mapping[str, Any]:
    """Describe a layer as the feature service does."""
    return describe_layer(LayerReference(layer.number, layer.manifest, layer.key, layer.modified))


def query_nothing(request: Request, shown: Map, layer: MapLayer) -> Response:
    """Answer a query with the number of the layer, to see that it came."""
    return Response(orjson.dumps({"queried": layer.number, "rows": layer.manifest.count}))


def alpha(picture: Image.Image) -> np.ndarray[Any, Any]:
    """Return the opacity of each pixel, shape (height, width)."""
    return np.asarray(picture.convert("RGBA").getchannel("A"))


def empty_manifest(name: str) -> LayerManifest:
    """Return the description of a layer of polygons without any."""
    field_ = {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}
    return LayerManifest(name, "esriGeometryPolygon", {"wkid": 4326}, (field_,), "OBJECTID", 0)
