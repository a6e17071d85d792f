"""Static files: each under a name with its digest, kept for good, compressed beforehand."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless.errors import NotFound, SettingsError
from gpserverless.http.request import Request, read_request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.pages import static_files
from gpserverless.pages.static_files import FOLDER, StaticHandlers, find_static_route, static_path

NAMES = ["style.css", "page.js", "form.js", "job.js", "results.js", "map.js", "map-worker.js", "crs.json"]
MANIFEST = json.loads((FOLDER / "manifest.json").read_bytes())
KEPT = "public, max-age=31536000, immutable"


def request(path: str, **headers: str) -> Request:
    context = {"http": {"method": "GET"}, "domainName": "gp.example.org", "stage": "$default"}
    return read_request({"rawPath": f"/arcgis{path}", "requestContext": context, "headers": headers})


def get(path: str, **headers: str) -> Response:
    asked = request(path, **headers)
    route = find_static_route(asked.segments)
    assert route is not None
    return StaticHandlers().routes[route.key](asked, **route.names)


def with_another_digest(name: str) -> str:
    return f"/static/{re.sub(r'-[0-9A-Za-z]+(?=[.][a-z]+$)', '-0123456789ab', MANIFEST[name])}"


@pytest.mark.parametrize(
    ("name", "content_type", "has"),
    [
        ("style.css", "text/css; charset=utf-8", b"prefers-color-scheme:dark"),
        ("form.js", "text/javascript; charset=utf-8", b"data-task-form"),
        ("map-worker.js", "text/javascript; charset=utf-8", b"MapLibre GL JS"),
        ("crs.json", "application/json; charset=utf-8", b'[4326,"WGS 84"]'),
        ("world-110m.json", "application/json; charset=utf-8", b'"Topology"'),
    ],
)
def test_file_is_kept_for_good_under_its_name(name: str, content_type: str, has: bytes) -> None:
    found = get(static_path(name))
    assert (found.status, found.content_type) == (200, content_type)
    assert found.headers["cache-control"] == KEPT
    assert has in found.body


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_every_file_that_is_built_is_served_both_ways(name: str) -> None:
    plain, compressed = get(static_path(name)), get(static_path(name), **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert compressed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(compressed.body) == plain.body
    assert plain.headers["vary"] == compressed.headers["vary"] == "accept-encoding"
    assert plain.fits
    assert compressed.to_payload()["isBase64Encoded"]


@pytest.mark.parametrize("name", NAMES)
def test_name_of_another_deployment_gets_the_file_of_today_and_is_not_kept(name: str) -> None:
    found = get(with_another_digest(name))
    assert found.body == get(static_path(name)).body
    assert "cache-control" not in found.headers


@pytest.mark.parametrize(
    "name",
    ["nothing-0123456789ab.js", "manifest-0123456789ab.json", "part-AAAAAAAA.js", "style-0123456789ab.js"],
)
def test_file_that_was_never_built_is_not_found(name: str) -> None:
    with pytest.raises(NotFound, match="There is no such file"):
        get(f"/static/{name}")


@pytest.mark.parametrize(
    "segments",
    [
        (),
        ("static",),
        ("static", "style.css"),
        ("static", "manifest.json"),
        ("static", "a", "b"),
        ("static", "..-0123456789ab.js"),
        ("static", "style-0123456789ab.css.gz"),
        ("static", "style-0123456789ab.css\n"),
        ("rest", "style-0123456789ab.css"),
    ],
)
def test_other_paths_are_no_static_files(segments: tuple[str, ...]) -> None:
    assert find_static_route(segments) is None


def test_route_names_the_file() -> None:
    name = static_path("form.js").rpartition("/")[2]
    assert find_static_route(("static", name)) == Route("static", {"name": name}, is_for_programs=True)


def test_first_scripts_are_light_and_the_map_is_none_of_them() -> None:
    """300 KB compressed are allowed for a page; the map comes by an import of its own."""
    texts = {name: (FOLDER / MANIFEST[name]).read_text("utf-8") for name in MANIFEST if name.endswith(".js")}
    sizes = {name: (FOLDER / f"{MANIFEST[name]}.gz").stat().st_size for name in MANIFEST}
    for entry in ("page.js", "form.js", "job.js", "results.js"):
        loaded = load_closely(MANIFEST[entry], texts)
        assert MANIFEST["map.js"] not in loaded
        weight = sum(size for name, size in sizes.items() if MANIFEST[name] in loaded)
        assert weight + sizes["style.css"] < 120_000, entry


def load_closely(name: str, texts: dict[str, str]) -> set[str]:
    """Return the files that a script imports before it runs, itself among them."""
    by_name = {MANIFEST[each]: text for each, text in texts.items()}
    loaded, found = set[str](), [name]
    while found:
        each = found.pop()
        if each not in loaded:
            loaded.add(each)
            found += re.findall(r'(?:from|import)"\./([^"]+)"', by_name[each])
    return loaded


@pytest.fixture
def nothing_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(static_files, "FOLDER", tmp_path)
    static_files._read_manifest.cache_clear()
    yield
    static_files._read_manifest.cache_clear()


@pytest.mark.usefixtures("nothing_built")
def test_checkout_where_nothing_was_built_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match="are not built: run `make pages`"):
        static_path("style.css")


def test_name_that_no_build_has_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match=r"There is no static file 'forms\.js': run `make pages`"):
        static_path("forms.js")
