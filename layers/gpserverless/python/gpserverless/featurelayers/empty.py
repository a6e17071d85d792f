"""A layer without rows, of which nothing is stored: its description is enough to answer for it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.write import LayerProperties, write_layer
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import OID, Field
from gpserverless.features.rows import Column
from gpserverless.values.spatial_reference import SpatialReference


@contextmanager
def open_empty_layer(manifest: LayerManifest) -> Iterator[LayerFile]:
    """Open a layer that has no rows.

    Args:
        manifest: Its description.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.sqlite")
        properties = LayerProperties(manifest.renderer, _list_time(manifest))
        write_layer(_make_rows(manifest), path, manifest.name, properties)
        with LayerFile(path) as file:
            yield file


def _list_time(manifest: LayerManifest) -> tuple[str, ...]:
    time = manifest.time
    return () if time is None else tuple(name for name in (time.start_field, time.end_field) if name)


def _make_rows(manifest: LayerManifest) -> FeatureSet[Any] | Table:
    fields = tuple(Field.from_json(each) for each in manifest.fields)
    columns: dict[str, Column] = {
        field.name: np.empty(0, np.int64 if field.type == OID else object) for field in fields
    }
    if manifest.is_table:
        return Table(fields, columns)
    return FeatureSet(
        fields,
        columns,
        np.empty(0, object),
        SpatialReference.from_optional_json(manifest.spatial_reference),
        manifest.geometry_type,
        manifest.has_z,
        manifest.has_m,
    )
