"""A layer of parcels, written once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet
from tests.featurelayers.parcels import make_parcels


@pytest.fixture(scope="session")
def parcels() -> FeatureSet[Any]:
    return make_parcels()


@pytest.fixture(scope="session")
def layer(parcels: FeatureSet[Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LayerFile]:
    path = tmp_path_factory.mktemp("layers") / "parcels.sqlite"
    write_layer(parcels, path, "Parcels")
    with LayerFile(path) as opened:
        yield opened
