"""Feature sets and tables.

The geometry libraries are imported where a value is read or written, not with this module: the functions
that answer polls and describe services never need them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from gpserverless.datatypes.base import JSON, LIGHT_VALUE, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.references import Fetch, LocalFile, echo_reference, find_reference
from gpserverless.datatypes.scalars import quoted
from gpserverless.datatypes.spatial_reference import spatial_reference
from gpserverless.errors import InvalidValue
from gpserverless.formats.feature_collection import make_layer_object

if TYPE_CHECKING:
    from gpserverless.features.feature_set import FeatureSet

GEOMETRY_TYPES = (
    "esriGeometryPoint",
    "esriGeometryMultipoint",
    "esriGeometryPolyline",
    "esriGeometryPolygon",
)

_OBJECT_ID = {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}


@dataclass(frozen=True)
class GPFeatureRecordSetLayer(DataType):
    """Features: columns of geometry and attributes with one spatial reference, in Python a `FeatureSet`.

    Args:
        geometry_types: Esri geometry types that are accepted; empty for any.
        max_features: Most features accepted, if fewer than the service allows.
        layers: Names and files of layers that are published with the tool; see `published_layer`.
        only_layers: Whether these are the only features accepted.
    """

    geometry_types: tuple[str, ...] = ()
    max_features: int | None = None
    layers: tuple[tuple[str, str], ...] = ()
    only_layers: bool = False

    @property
    def name(self) -> str:
        """GPFeatureRecordSetLayer."""
        return "GPFeatureRecordSetLayer"

    @property
    def accepted(self) -> str:
        """A feature set and its geometry types, and the layers there are."""
        own = "an Esri JSON feature set of " + " or ".join(self.geometry_types or GEOMETRY_TYPES)
        names = ", ".join(name for name, _ in self.layers)
        if self.only_layers:
            return f"one of the layers {names}"
        return f"{own}; or one of the layers {names}" if names else own

    @property
    def empty(self) -> JSON:
        """A feature set without features: the schema, and the form clients need instead of null."""
        return {
            "displayFieldName": "",
            "geometryType": (self.geometry_types or GEOMETRY_TYPES)[-1],
            "spatialReference": {"wkid": 4326, "latestWkid": 4326},
            "fields": [_OBJECT_ID],
            "features": [],
            "exceededTransferLimit": False,
        }

    @property
    def may_be_reference(self) -> bool:
        """Always: features may lie on another server."""
        return True

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to."""
        if self.only_layers:
            return raw
        reference = find_reference(raw, "features")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, reading: LoadOptions) -> FeatureSet[Any]:
        """Read Esri JSON or a published layer, project it as asked and drop what the extent does not meet."""
        from gpserverless.formats.esri_json import FeatureLimits, decode_features

        accepted = frozenset(self.geometry_types)
        limits = FeatureLimits(
            min(self.max_features or reading.max_features, reading.max_features), reading.max_vertices
        )
        source = self._layer(raw) or _source(raw)
        features = decode_features(source, accepted=accepted, limits=limits, warn=reading.warn)
        if reading.extent is not None:
            features = features.within_extent(reading.extent)
        if reading.process_sr is not None:
            features = features.project(spatial_reference(dict(reading.process_sr)))
        return features

    def check(self, raw: JSON, reading: LoadOptions) -> Any:
        """Read a light value without curves; of another see only that it is a feature set."""
        if not isinstance(raw, str) or (len(raw) <= LIGHT_VALUE and '"curve' not in raw):
            return self.load(raw, reading)
        return _looked_at(raw, reading.max_features)

    def _layer(self, raw: JSON) -> bytes | None:
        """Return the published layer that a value names, None if it is no such name."""
        path = dict(self.layers).get(raw.strip()) if isinstance(raw, str) else None
        if path is not None:
            return published_layer(path).read_bytes()
        is_other_name = isinstance(raw, str) and not raw.lstrip().startswith("{")
        if self.only_layers or (self.layers and is_other_name):
            raise InvalidValue(f"{quoted(raw)} is not one of the layers", self.accepted)
        return None

    def holds(self, value: Any) -> bool:
        """Return whether it is a FeatureSet."""
        from gpserverless.features.feature_set import FeatureSet

        return isinstance(value, FeatureSet)

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write Esri JSON, projected as asked; None is an empty feature set."""
        if value is None:
            return make_layer_object(self.empty, writing.title) if writing.as_collection else self.empty
        text = b"".join(self._blocks(value, writing))
        if writing.as_collection:
            return make_layer_object(orjson.loads(text), writing.title)
        return orjson.Fragment(text)

    def write(self, value: Any, writing: DumpOptions) -> Iterable[bytes]:
        """Write what `dump` returns block by block."""
        if value is None or writing.as_collection:
            return super().write(value, writing)
        return self._blocks(value, writing)

    def _blocks(self, value: Any, writing: DumpOptions) -> Iterator[bytes]:
        from gpserverless.features.feature_set import FeatureSet
        from gpserverless.formats.esri_json import stream_features

        if not isinstance(value, FeatureSet):
            raise InvalidValue(f"{quoted(value)} is not a FeatureSet")
        if writing.out_sr is not None:
            value = value.project(spatial_reference(dict(writing.out_sr)))
        yield from stream_features(value, z=writing.return_z, m=writing.return_m, maximum=writing.max_records)

    def describe(self) -> dict[str, JSON]:
        """Return the names of layers, and the geometry filter unless every type is accepted."""
        names = {"choiceList": [name for name, _ in self.layers]} if self.layers else {}
        types = {"filter": {"type": "featureClass", "list": list(self.geometry_types)}}
        return {**names, **(types if self.geometry_types else {})}

    def echo(self, raw: JSON) -> JSON:
        """Return the JSON or the layer's name as it was sent, a reference without its tokens."""
        if isinstance(raw, str) and raw.strip() in dict(self.layers):
            return raw.strip()
        return echo_reference(raw, self.accepted)


@dataclass(frozen=True)
class GPRecordSet(DataType):
    """Rows of attributes without geometry, in Python a `Table`."""

    max_features: int | None = None

    @property
    def name(self) -> str:
        """GPRecordSet."""
        return "GPRecordSet"

    @property
    def accepted(self) -> str:
        """A record set."""
        return 'a record set {"fields": […], "features": [{"attributes": {…}}]}'

    @property
    def empty(self) -> JSON:
        """A record set without rows."""
        return {
            "displayFieldName": "",
            "fields": [_OBJECT_ID],
            "features": [],
            "exceededTransferLimit": False,
        }

    @property
    def may_be_reference(self) -> bool:
        """Always: rows may lie on another server."""
        return True

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to."""
        reference = find_reference(raw, "table")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, reading: LoadOptions) -> Any:
        """Read Esri JSON."""
        from gpserverless.formats.esri_json import FeatureLimits, decode_table

        limit = min(self.max_features or reading.max_features, reading.max_features)
        return decode_table(_source(raw), limits=FeatureLimits(limit, reading.max_vertices))

    def check(self, raw: JSON, reading: LoadOptions) -> Any:
        """Read a light value; of another see only that it is a record set."""
        if not isinstance(raw, str) or len(raw) <= LIGHT_VALUE:
            return self.load(raw, reading)
        return _looked_at(raw, reading.max_features)

    def holds(self, value: Any) -> bool:
        """Return whether it is a Table."""
        from gpserverless.features.feature_set import Table

        return isinstance(value, Table)

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write Esri JSON; None is an empty record set."""
        return self.empty if value is None else orjson.Fragment(b"".join(self._blocks(value, writing)))

    def write(self, value: Any, writing: DumpOptions) -> Iterable[bytes]:
        """Write what `dump` returns block by block."""
        return super().write(value, writing) if value is None else self._blocks(value, writing)

    def _blocks(self, value: Any, writing: DumpOptions) -> Iterator[bytes]:
        from gpserverless.features.feature_set import Table
        from gpserverless.formats.esri_json import stream_table

        if not isinstance(value, Table):
            raise InvalidValue(f"{quoted(value)} is not a Table")
        yield from stream_table(value, maximum=writing.max_records)

    def echo(self, raw: JSON) -> JSON:
        """Return the JSON as it was sent, a reference without its tokens."""
        return echo_reference(raw, self.accepted)


def _source(raw: JSON) -> JSON:
    return raw.path.read_bytes() if isinstance(raw, LocalFile) else raw


def published_layer(path: str) -> Path:
    """Return the file of a layer that is published with a tool.

    Args:
        path: Below the import path, beginning with a package: "toolboxes/samples/cities.json".

    Raises:
        FileNotFoundError: There is no such file.
    """
    package, _, inside = path.partition("/")
    found = importlib.util.find_spec(package)
    roots = (found and found.submodule_search_locations) or []
    for root in roots:
        if (Path(root) / inside).is_file():
            return Path(root) / inside
    raise FileNotFoundError(path)


def _looked_at(raw: str, most: int) -> None:
    from gpserverless.formats.esri_json.document import read_document

    count = len(read_document(raw).features)
    if count > most:
        raise InvalidValue(f"it has {count:,} features", f"at most {most:,}")
