"""A site in memory, with a user."""

from __future__ import annotations

import pytest

from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.rig import Rig, make_rig


@pytest.fixture
def rows() -> InMemoryAccessRows:
    return InMemoryAccessRows()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def rig(rows: InMemoryAccessRows, clock: VirtualClock) -> Rig:
    return make_rig(rows, clock)
