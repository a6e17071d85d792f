"""One small stack for all tests that only ask a running cloud things."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from local import LocalCloud, ServeOptions
from local.terminal import Terminal
from tests.local.stack import Running, copy_sources


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return the small stack, served once for all."""
    folder, printed = tmp_path_factory.mktemp("stack"), io.StringIO()
    options = ServeOptions(template=copy_sources(folder), minute=0.5, terminal=Terminal(printed))
    with LocalCloud(options) as cloud:
        yield Running(cloud, printed, folder)
