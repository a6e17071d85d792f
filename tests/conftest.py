"""What tests of several rooms need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webhook_receiver import Listener, listener


@pytest.fixture(scope="module")
def listening() -> Iterator[Listener]:
    with listener() as hearing:
        yield hearing


@pytest.fixture
def hearing(listening: Listener) -> Listener:
    listening.heard.clear()
    listening.answers.clear()
    return listening
