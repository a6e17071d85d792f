"""What goes through the fetcher, and what does not, from a server that misbehaves."""

from __future__ import annotations

import io
import time
from email.message import Message
from pathlib import Path
from urllib.parse import quote

import pytest

from gpserverless.errors import Cancelled, InvalidValue
from gpserverless.fetch.http_fetcher import FetchedResponse, FetchRequest, HttpFetcher
from gpserverless.fetch.http_response import read_file_name
from gpserverless.fetch.policy import Policy, split_url
from tests.fake_feature_server import TOKEN, FakeFeatureServer
from tests.patience import LONG, SOON


def fetch(fetcher: HttpFetcher, request: FetchRequest) -> tuple[FetchedResponse, bytes]:
    file = io.BytesIO()
    return fetcher.fetch(request, file), file.getvalue()


def test_response_has_the_name_and_type_of_the_file(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    answer, body = fetch(fetcher, FetchRequest(f"{far.url}/files/dem.tif?x=1"))
    assert (answer.name, answer.media_type, answer.size) == ("dem.tif", "application/octet-stream", 6)
    assert body == b"a file"


def test_response_has_the_name_that_the_server_gives(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    answer, _ = fetch(fetcher, FetchRequest(f"{far.url}/files/download?named=towns.csv"))
    assert (answer.name, answer.media_type) == ("towns.csv", "text/csv")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a.csv"', "a.csv"),
        ("attachment; filename*=UTF-8''na%C3%AFve.csv", "naïve.csv"),
        ("attachment; filename*0*=a; filename*=b", "data.zip"),
        ("attachment; x*=1; x*0*=2", "data.zip"),
        ("attachment", "data.zip"),
    ],
)
def test_name_that_cannot_be_read_is_that_of_the_url(disposition: str, name: str) -> None:
    headers = Message()
    headers["content-disposition"] = disposition
    assert read_file_name(headers, split_url("https://example.org/a/data.zip?x=1")) == name


def test_connections_are_kept(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    for _ in range(3):
        fetch(fetcher, FetchRequest(f"{far.url}/files/a"))
    assert len(far.seen) == 3
    assert len(fetcher._connections) == 1


MISBEHAVIOUR = [
    ("/slow", {"seconds": 0.5}, "did not answer in time"),
    ("/slow?body=1", {"seconds": 0.5}, "did not answer in time"),
    ("/endless", {"most_bytes": 1_000_000}, "larger than 1,000,000 bytes"),
    ("/bomb", {"most_bytes": 1_000_000}, "larger than 1,000,000 bytes"),
    ("/truncated", {}, "incomplete"),
    ("/nothing", {}, "HTTP 404"),
    ("/redirect?to=/nothing&status=301", {}, "HTTP 404"),
    ("/redirect?to=", {}, "redirects to nowhere"),
    ("/redirect?to=http://169.254.169.254/latest/meta-data", {}, "not among those"),
    ("/redirect?to=file:///etc/passwd", {}, "not absolute"),
    ("/redirect?to=//user@127.0.0.1/", {}, "user name"),
]


@pytest.mark.parametrize(("path", "limits", "problem"), MISBEHAVIOUR)
def test_server_that_misbehaves_is_given_up(
    path: str,
    limits: dict[str, float],
    problem: str,
    far: FakeFeatureServer,
    fetcher: HttpFetcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetcher, "pause", lambda seconds: None)
    began = time.monotonic()
    with pytest.raises(InvalidValue, match=problem):
        fetch(fetcher, FetchRequest(f"{far.url}{path}", **{"seconds": LONG, **limits}))
    assert time.monotonic() - began < SOON


def test_redirects_are_followed_three_times(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    def through(times: int) -> str:
        path = "/files/a"
        for _ in range(times):
            path = f"/redirect?to={quote(path)}"
        return far.url + path

    assert fetch(fetcher, FetchRequest(through(3)))[1] == b"a file"
    with pytest.raises(InvalidValue, match="again and again"):
        fetch(fetcher, FetchRequest(through(4)))


def test_token_goes_to_its_own_server_only(far: FakeFeatureServer) -> None:
    port = far.place.split(":")[1]
    policy = Policy(private=frozenset({far.place, f"localhost:{port}"}))
    elsewhere = f"http://localhost:{port}/files/a"
    with HttpFetcher(policy) as fetcher:
        fetch(fetcher, FetchRequest(f"{far.url}/redirect?to=/files/a", TOKEN))
        fetch(fetcher, FetchRequest(f"{far.url}/redirect?to={elsewhere}", TOKEN))
    sent = [headers.get("x-esri-authorization") for _, _, headers in far.seen]
    assert sent == [f"Bearer {TOKEN}"] * 3 + [None]
    assert not any("token" in form for _, form, _ in far.seen)


def test_cancel_ends_a_request(far: FakeFeatureServer) -> None:
    looks: list[int] = []

    def check_cancelled() -> None:
        looks.append(1)
        if len(looks) > 3:
            raise Cancelled

    with (
        HttpFetcher(Policy(private=frozenset({far.place})), check_cancelled) as fetcher,
        pytest.raises(Cancelled),
    ):
        fetch(fetcher, FetchRequest(f"{far.url}/endless", most_bytes=10**12))


def test_server_that_does_not_listen_is_reported(
    fetcher: HttpFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher, "pause", lambda seconds: None)
    monkeypatch.setattr(fetcher, "_policy", Policy(private=frozenset({"127.0.0.1:1"})))
    with pytest.raises(InvalidValue, match="could not be reached"):
        fetch(fetcher, FetchRequest("http://127.0.0.1:1/"))


def test_connection_goes_to_the_address_that_was_checked(
    far: FakeFeatureServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def resolve(self: Policy, target: object) -> list[str]:
        asked.append("once")
        return ["127.0.0.1"]

    monkeypatch.setattr(Policy, "resolve", resolve)
    port = far.place.split(":")[1]
    with HttpFetcher(Policy((f"rebinding.example.org:{port}",))) as fetcher:
        assert fetch(fetcher, FetchRequest(f"http://rebinding.example.org:{port}/files/a"))[1] == b"a file"
    assert asked == ["once"]
    assert far.seen[-1][2]["host"] == f"rebinding.example.org:{port}"


def test_full_disk_is_no_fault_of_the_server(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - what it holds is never written
    with full, pytest.raises(OSError, match="No space left"):
        fetcher.fetch(FetchRequest(f"{far.url}/files/dem.tif"), full)
