"""A layer of parcels, written once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpserverless.cancellation import CheckCancelled
from gpserverless.featurelayers.blocks import Blocks
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.remote_tables import RemoteTables
from gpserverless.featurelayers.tables import OpenTables
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet
from tests.featurelayers.parcels import make_parcels


@pytest.fixture(scope="session")
def parcels() -> FeatureSet[Any]:
    return make_parcels()


@pytest.fixture(scope="session")
def path(parcels: FeatureSet[Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("layers") / "parcels.sqlite"
    write_layer(parcels, path, "Parcels")
    return path


@pytest.fixture(scope="session", params=["on the disk", "in the store"])
def source(request: pytest.FixtureRequest, path: Path) -> Path | OpenTables:
    """The file of the layer: what holds for it does, wherever it lies."""
    return path if request.param == "on the disk" else open_in_store(path)


@pytest.fixture(scope="session")
def layer(source: Path | OpenTables) -> Iterator[LayerFile]:
    with LayerFile(source) as opened:
        yield opened


def open_in_store(path: Path) -> OpenTables:
    """Return what opens a file as one in the store."""
    data = path.read_bytes()

    def open_tables(check: CheckCancelled) -> RemoteTables:
        return RemoteTables(Blocks(len(data), lambda start, end: data[start:end], path.parent, 10**6), check)

    return open_tables
