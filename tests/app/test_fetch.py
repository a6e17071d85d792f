"""The function that fetches inputs: it answers with a file or a reason, and ends when nobody waits."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gpserverless.app import fetch as app_fetch
from gpserverless.app.fetch import FetchFunction
from gpserverless.cancellation import CheckCancelled
from gpserverless.datatypes.references import Kind, LocalFile, Reference
from gpserverless.errors import NotFound, StorageError
from gpserverless.fetch import invocation
from gpserverless.fetch.direct import DirectFetcher
from gpserverless.fetch.invocation import FetchEvent
from gpserverless.fetch.policy import Policy
from gpserverless.fetch.ports import InputRequest
from tests.fake_feature_server import LAYER, SAYING, TOKEN, FakeFeatureServer, fake_feature_server
from tests.fetch.silent_server import answer_part, serve_script
from tests.patience import SOON

SECONDS_LEFT = 60_000


@pytest.fixture(scope="module")
def far() -> Iterator[FakeFeatureServer]:
    with fake_feature_server() as served:
        yield served


class Objects:
    """The objects between the function and its callers.

    Attributes:
        stored: Bodies of the objects by their keys.
        problem: Raised when it is asked for an object.
    """

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.problem: Exception | None = None

    def put_file(self, key: str, path: Path, content_type: str, check_cancelled: CheckCancelled) -> None:
        check_cancelled()
        self.stored[key] = path.read_bytes()

    def stat(self, key: str) -> object:
        if self.problem:
            raise self.problem
        if key not in self.stored:
            raise NotFound("The object is not there any more.")
        return key


def event(url: str, kind: Kind = "file", **more: Any) -> FetchEvent:
    request = InputRequest(Reference(kind, url, token=more.pop("token", "")), 10_000, 1_000_000, **more)
    return FetchEvent(request, log_ids={"job": "j1"})


def answer(
    place: str, asked: FetchEvent, objects: Objects | None = None, remaining: int = SECONDS_LEFT
) -> Any:
    """Return the answer to an event as its caller gets it."""
    function = FetchFunction(DirectFetcher(Policy(private=frozenset({place}))), objects or Objects())
    return json.loads(json.dumps(function.handle(asked.to_json(), remaining)))


def test_small_input_is_in_the_answer(far: FakeFeatureServer) -> None:
    told = answer(far.place, event(f"{far.url}/files/dem.tif"))
    assert (told["name"], told["size"], base64.b64decode(told["body"])) == ("dem.tif", 6, b"a file")


def test_layer_is_read_whole_in_one_invocation(far: FakeFeatureServer) -> None:
    told = answer(far.place, event(far.url + LAYER, "features"))
    assert told["name"] == "features.json"
    assert len(json.loads(base64.b64decode(told["body"]))["features"]) == 2_500


def test_large_input_is_stored_under_the_place_of_the_caller(
    far: FakeFeatureServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invocation, "MAX_INLINE_BYTES", 5)
    asked, objects = event(f"{far.url}/files/dem.tif"), Objects()
    assert answer(far.place, asked, objects) == {"name": "dem.tif", "size": 6}
    assert objects.stored == {f"{asked.place}/content": b"a file"}


REFUSED = [
    ("https://elsewhere.example.org/a", "the setting FetchAllowedHosts lists them", "as the list is empty"),
    ("{far}/nowhere", "answered with HTTP 404", ""),
    ("{far}/bomb", "larger than 1,000,000 bytes", ""),
    ("http://own.example.org/a", "leads back to this service", ""),
]


@pytest.mark.parametrize(("url", "problem", "accepted"), REFUSED)
def test_input_is_refused_with_the_reason(
    far: FakeFeatureServer, url: str, problem: str, accepted: str
) -> None:
    asked = event(url.replace("{far}", far.url), own=frozenset({"own.example.org:80"}))
    told = answer(far.place, asked)
    assert problem in told["problem"]
    assert accepted in told["accepted"]


def test_token_is_in_no_log_and_no_answer(far: FakeFeatureServer, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("/files/a", SAYING, f"{SAYING}?token={TOKEN}", "/nowhere"):
        told = answer(far.place, event(far.url + path, "features", token=TOKEN))
        assert TOKEN not in json.dumps(told)
    assert far.seen[-1][2]["x-esri-authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in capsys.readouterr().out


def test_log_has_the_ids_of_the_caller(far: FakeFeatureServer, caplog: pytest.LogCaptureFixture) -> None:
    answer(far.place, event(f"{far.url}/files/a"))
    (line,) = caplog.records
    assert (line.message, vars(line)["host"], vars(line)["bytes"]) == ("input fetched", "127.0.0.1", 6)


def write_stop(objects: Objects, asked: FetchEvent) -> None:
    objects.stored[asked.stop_key] = b""


def do_nothing(objects: Objects, asked: FetchEvent) -> None:
    pass


ENDS = [
    pytest.param(write_stop, {}, SECONDS_LEFT, id="caller has gone"),
    pytest.param(do_nothing, {"seconds": 0.3}, SECONDS_LEFT, id="time of the run is over"),
    pytest.param(do_nothing, {}, 2_300, id="time of the function is nearly over"),
]


@pytest.mark.parametrize(("before", "more", "remaining"), ENDS)
def test_silent_server_is_left_soon(
    before: Callable[[Objects, FetchEvent], None],
    more: dict[str, float],
    remaining: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app_fetch, "LOOK_SECONDS", 0.1)
    with serve_script(answer_part(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) as server:
        asked, objects = event(f"http://{server.place}/a", **more), Objects()
        before(objects, asked)
        began = time.monotonic()
        assert answer(server.place, asked, objects, remaining) == {"ended": True}
        assert time.monotonic() - began < SOON
        assert server.gone.wait(SOON)


def test_store_that_is_away_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_fetch, "LOOK_SECONDS", 0.0)
    objects = Objects()
    objects.problem = StorageError("away")

    class Careful:
        def fetch(self, request: InputRequest, folder: Path, check_cancelled: CheckCancelled) -> LocalFile:
            check_cancelled()
            path = folder / "a"
            path.write_bytes(b"x")
            return LocalFile(path)

    told = FetchFunction(Careful(), objects).handle(event("https://a.example.org").to_json(), SECONDS_LEFT)
    assert told["size"] == 1
