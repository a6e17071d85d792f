"""A feature service over files in a folder, asked by events of a gateway."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import NotFound
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.write import write_layer
from gpserverless.http.dispatch import Dispatcher
from gpserverless.items.readings import Step
from gpserverless.protocols.featureserver.handlers import FeatureServiceHandlers
from gpserverless.protocols.featureserver.ports import FeatureService, LayerReference
from gpserverless.protocols.featureserver.query import LayerQueries
from gpserverless.protocols.featureserver.routes import find_route_of_site


@dataclass
class Folder:
    """Layers as files in a folder, and the answers that were too large."""

    path: Path
    services: dict[str, FeatureService] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def publish(self, name: str, layers: Mapping[str, Any]) -> None:
        """Write feature sets and tables as the layers of a service, by their names."""
        references = []
        for number, (title, rows) in enumerate(layers.items()):
            file = self.path / f"{name}-{number}.sqlite"
            manifest = write_layer(rows, file, title)
            references.append(LayerReference(number, manifest, str(file), 1_700_000_000_000))
        self.services[name.lower()] = FeatureService(name, tuple(references), "Made by a test")

    def find_service(self, name: str, caller: Caller, step: Step) -> FeatureService:
        """Find a service, as the port says."""
        found = self.services.get(name.lower())
        if found is None:
            raise NotFound(f"There is no service 'Hosted/{name}'.")
        return found

    @contextmanager
    def open_layer(self, layer: LayerReference) -> Iterator[LayerFile]:
        """Open a layer, as the port says."""
        with LayerFile(Path(layer.key)) as opened:
            yield opened

    def store_answer(self, body: bytes, content_type: str, encoding: str, filename: str = "answer") -> str:
        """Store an answer, as the port says."""
        self.names.append(filename)
        url = f"https://store.example/{len(self.stored)}"
        self.stored[url] = gzip.decompress(body) if encoding else body
        return url


@dataclass(frozen=True)
class Answer:
    """An answer of the gateway."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class LayerSite:
    """Asks a service as clients do."""

    def __init__(self, folder: Folder, handlers: FeatureServiceHandlers | None = None) -> None:
        self.folder = folder
        made = handlers or FeatureServiceHandlers(LayerQueries(folder, folder), lambda name: "")
        self._handlers = made.routes
        self._dispatcher = Dispatcher(
            "https://gis.example/arcgis", find_route_of_site, lambda *_: ANYBODY, lambda **_: nullcontext()
        )

    def ask(self, path: str, method: str = "GET", *, gzipped: bool = False, **fields: object) -> Answer:
        """Ask for a path below services/Hosted, with f=json unless another format is named."""
        given = {"f": "json", **{n: v if isinstance(v, str) else json.dumps(v) for n, v in fields.items()}}
        text = urlencode(given)
        event = {
            "rawPath": f"/arcgis/rest/services/Hosted/{path}",
            "rawQueryString": "" if method == "POST" else text,
            "headers": {
                "content-type": "application/x-www-form-urlencoded",
                **({"accept-encoding": "gzip"} if gzipped else {}),
            },
            "body": text if method == "POST" else "",
            "requestContext": {"http": {"method": method, "sourceIp": "127.0.0.1"}, "stage": "$default"},
        }
        payload = self._dispatcher.answer(event, self._handlers)
        body = payload["body"]
        raw = base64.b64decode(body) if payload["isBase64Encoded"] else body.encode()
        if payload["headers"].get("content-encoding") == "gzip":
            raw = gzip.decompress(raw)
        return Answer(payload["statusCode"], payload["headers"], raw)

    def query(self, layer: str, **fields: object) -> Any:
        """Return the JSON of a query of a layer: "town/0"."""
        name, number = layer.split("/")
        return self.ask(f"{name}/FeatureServer/{number}/query", **fields).json

    def refuse(self, layer: str, **fields: object) -> str:
        """Return the sentence with which a query is refused."""
        document = self.query(layer, **fields)
        error = document["error"]
        assert error["code"] == 400
        assert error["message"]
        (sentence,) = error["details"]
        return str(sentence)
