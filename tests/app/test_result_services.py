"""The function of result services: who sees which layers, under which numbers, and what ends in time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import shapely

from gpserverless.access.credentials import Credentials
from gpserverless.app.layer_stores import LayerStores
from gpserverless.app.layers import LayersFunction, LayersSettings
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.caller import Access, Caller, Role
from gpserverless.clock import SystemClock
from gpserverless.errors import InvalidToken
from gpserverless.featurelayers.cache import LayerCache
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet
from gpserverless.items.service import HostedLayer
from gpserverless.testing.item_table import InMemoryItemTable
from gpserverless.testing.job_table import InMemoryJobTable
from gpserverless.testing.object_store import InMemoryObjectStore
from gpserverless.toolkit.layers import number_outputs
from gpserverless.toolkit.spec import ServiceSpec
from gpserverless.values.spatial_reference import WGS84
from tests.items.rig import put, service

CALLERS = {
    "anna": Caller("anna", Role.USER),
    "ben": Caller("ben", Role.USER),
    "root": Caller("root", Role.ADMINISTRATOR),
}
SETTINGS = LayersSettings(
    public_url="https://site.test/arcgis",
    switched_on=frozenset(),
    secured=False,
    access_table="access",
    stores=(),
    table="jobs",
    items_table="items",
    bucket="bucket",
    retention_hours=24,
    portal_user="",
)


def identify(credentials: Credentials) -> Caller:
    if credentials.token not in CALLERS:
        raise InvalidToken
    return CALLERS[credentials.token]


@dataclass
class World:
    """A function with two hosted services of three wells each: one of nobody, one of anna."""

    folder: Path
    items: InMemoryItemTable = field(default_factory=InMemoryItemTable)
    objects: InMemoryObjectStore = field(default_factory=InMemoryObjectStore)
    on_download: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        files = LayerCache(self.folder / "layers", self._download)
        stores = LayerStores(InMemoryJobTable(), self.items, self.objects, files)
        catalogue = load_catalogue(frozenset())
        self.function = LayersFunction(SETTINGS, lambda: catalogue, stores, identify, SystemClock())
        for name, owner in (("Open", ""), ("Annas", "anna")):
            self._publish(name, owner)

    def _publish(self, name: str, owner: str) -> None:
        path = self.folder / "new.sqlite"
        manifest = write_layer(FeatureSet.of([shapely.Point(n, n) for n in range(3)], WGS84), path, "Wells")
        bare = service(name, owner=owner)
        put(self.items, replace(bare, layers=(HostedLayer(0, bare.layer_key(0), manifest),)))
        self.objects.put(bare.layer_key(0), path.read_bytes(), "")

    def _download(self, key: str, path: Path, check: Callable[[], None]) -> None:
        self.on_download()
        check()
        path.write_bytes(self.objects.get(key))

    def ask(
        self, path: str, remaining_ms: int = 29_000, headers: Mapping[str, str] | None = None, **fields: str
    ) -> Any:
        event = {
            "rawPath": f"/arcgis/{path}",
            "rawQueryString": "",
            "headers": {"content-type": "application/x-www-form-urlencoded", **(headers or {})},
            "cookies": ["agstoken=anna"] if headers else [],
            "body": urlencode({"f": "json", **fields}),
            "requestContext": {"http": {"method": "POST", "sourceIp": "127.0.0.1"}, "stage": "$default"},
        }
        return json.loads(self.function.handle(event, remaining_ms)["body"])

    def count(self, name: str, **fields: str) -> Any:
        path = f"rest/services/Hosted/{name}/FeatureServer/0/query"
        return self.ask(path, returnCountOnly="true", **fields)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def code(document: Any) -> int:
    return int(document["error"]["code"])


def test_a_service_is_its_owners_and_an_administrators(world: World) -> None:
    assert world.count("Open") == {"count": 3}
    assert world.count("Annas", token="anna") == world.count("annas", token="root") == {"count": 3}
    assert code(world.count("Annas")) == 499
    assert code(world.count("Annas", token="ben")) == 403


def test_the_folder_lists_what_its_caller_may_see(world: World) -> None:
    seen = {
        token: [each["name"] for each in world.ask("rest/services/Hosted", token=token)["services"]]
        for token in ("", "ben", "anna", "root")
    }
    assert seen == {
        "": ["Hosted/Open"],
        "ben": ["Hosted/Open"],
        "anna": ["Hosted/Annas", "Hosted/Open"],
        "root": ["Hosted/Annas", "Hosted/Open"],
    }


REMOVE = "admin/services/Hosted/Annas.FeatureServer/delete"


@pytest.mark.parametrize(
    ("fields", "headers", "expected"),
    [
        ({}, {}, 499),
        ({"token": "ben"}, {}, 403),
        ({}, {"origin": "https://evil.test"}, 499),  # a page of another site, whose browser has a cookie
        ({}, {"sec-fetch-site": "cross-site"}, 499),
    ],
)
def test_nobody_else_removes_a_service(
    world: World, fields: dict[str, str], headers: dict[str, str], expected: int
) -> None:
    assert code(world.ask(REMOVE, headers=headers, **fields)) == expected
    assert world.count("Annas", token="anna") == {"count": 3}


@pytest.mark.parametrize(
    ("fields", "headers"),
    [({"token": "anna"}, {}), ({"token": "root"}, {}), ({}, {"origin": "https://site.test"})],
)
def test_its_owner_removes_a_service(world: World, fields: dict[str, str], headers: dict[str, str]) -> None:
    assert world.ask(REMOVE, headers=headers, **fields) == {"status": "success"}
    assert code(world.count("Annas", token="anna")) == 404
    assert world.ask("rest/services/Hosted", token="anna")["services"] == [
        {"name": "Hosted/Open", "type": "FeatureServer"}
    ]


def test_a_request_reads_one_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a service that nobody has overwritten, where no portal has its items."""
    read, keys = world.items.read, []

    def note(key: str) -> Any:
        keys.append(key)
        return read(key)

    monkeypatch.setattr(world.items, "read", note)
    monkeypatch.setattr(world.items, "replace", None)
    for path in ("", "/0", "/layers", "/0/query", "/0/1"):
        assert "error" not in world.ask(f"rest/services/Hosted/Open/FeatureServer{path}", where="1=1")
        assert keys == ["service#open"], path
        keys.clear()


def test_a_query_without_time_says_so_and_the_next_one_is_answered(world: World) -> None:
    (sentence,) = world.count("Open", remaining_ms=0)["error"]["details"]
    assert "there was no time to fetch them" in sentence
    assert world.count("Open") == {"count": 3}
    (sentence,) = world.count("Open", remaining_ms=0, where="OBJECTID > 1")["error"]["details"]
    assert sentence.startswith("The query took too long.")
    assert world.count("Open", where="OBJECTID > 1") == {"count": 2}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"returnCountOnly": "true"}, {"count": 0}),
        ({"returnIdsOnly": "true"}, {"objectIdFieldName": "OBJECTID", "objectIds": []}),
    ],
)
def test_a_layer_of_a_map_without_a_job_has_no_rows(
    world: World, fields: dict[str, str], expected: dict[str, Any]
) -> None:
    shown = world.ask("rest/services/Analysis/MapServer")
    for layer in (shown["layers"][0], shown["tables"][0]):
        path = f"rest/services/Analysis/MapServer/{layer['id']}/query"
        assert world.ask(path, **fields) == expected
        assert world.ask(path, where="1=1", outFields="*")["features"] == []


def test_a_layer_has_the_same_number_for_everybody() -> None:
    analysis: ServiceSpec = load_catalogue(frozenset()).services["Analysis"]
    first = analysis.tasks[0]
    hidden = replace(first, access=Access(Role.ADMINISTRATOR))
    rules = replace(analysis, tasks=(hidden, *analysis.tasks[1:]))
    everything = [each[:2] for each in number_outputs(rules, CALLERS["root"])]
    assert [number for number, _ in everything] == list(range(len(everything)))
    seen = [each[:2] for each in number_outputs(rules, CALLERS["ben"])]
    assert seen == [each for each in everything if each[1] != first.name]
    assert len(seen) < len(everything)
