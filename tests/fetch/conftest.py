"""A far side that the policy of these tests lets in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gpserverless.fetch.http_fetcher import Door
from gpserverless.fetch.policy import Policy
from tests.fake_feature_server import FarSide, far_side


@pytest.fixture(scope="session")
def served() -> Iterator[FarSide]:
    with far_side() as far:
        yield far


@pytest.fixture
def far(served: FarSide) -> FarSide:
    served.seen.clear()
    return served


@pytest.fixture
def door(far: FarSide) -> Iterator[Door]:
    with Door(Policy(private=frozenset({far.place}))) as opened:
        yield opened
