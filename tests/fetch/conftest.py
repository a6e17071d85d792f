"""Another server, and a fetcher whose policy allows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gpserverless.fetch.http_fetcher import HttpFetcher
from gpserverless.fetch.policy import Policy
from tests.fake_feature_server import FakeFeatureServer, fake_feature_server


@pytest.fixture(scope="session")
def served() -> Iterator[FakeFeatureServer]:
    with fake_feature_server() as far:
        yield far


@pytest.fixture
def far(served: FakeFeatureServer) -> FakeFeatureServer:
    served.seen.clear()
    return served


@pytest.fixture
def fetcher(far: FakeFeatureServer) -> Iterator[HttpFetcher]:
    with HttpFetcher(Policy(private=frozenset({far.place}))) as opened:
        yield opened
