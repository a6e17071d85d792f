"""Feature sets and tables.

The geometry libraries are imported where a value is read or written, not with this module: the functions
that answer polls and describe services never need them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import (
    LIGHT_VALUE,
    Costly,
    Deferrable,
    Echoing,
    Recognizing,
    Streamable,
    is_heavy,
)
from gpserverless.datatypes.referable import Fetch, Referable
from gpserverless.datatypes.references import LocalFile, echo_reference, find_reference
from gpserverless.datatypes.spatial_reference import spatial_reference
from gpserverless.errors import InvalidValue
from gpserverless.formats.feature_collection import make_layer_object
from gpserverless.formats.limits import FeatureLimits
from gpserverless.values.quotation import quoted

if TYPE_CHECKING:
    from gpserverless.datatypes.symbology import Symbology
    from gpserverless.features.feature_set import FeatureSet

GEOMETRY_TYPES = (
    "esriGeometryPoint",
    "esriGeometryMultipoint",
    "esriGeometryPolyline",
    "esriGeometryPolygon",
)

_OBJECT_ID = {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}


@dataclass(frozen=True)
class GPFeatureRecordSetLayer(DataType, Referable, Costly, Deferrable, Streamable, Recognizing, Echoing):
    """Features: columns of geometry and attributes with one spatial reference, in Python a `FeatureSet`.

    Args:
        geometry_types: Esri geometry types that are accepted; empty for any.
        max_features: Most features accepted, if fewer than the service allows.
        layers: Names and paths of layers that are published with the tool; see `find_published_layer`.
        only_layers: Whether these are the only features accepted.
        time_fields: Of an output, the fields of dates at which features start, and perhaps end.
        symbology: Of an output, how its layer is drawn; None for one symbol.
        label_field: Of an output, the field whose values are written beside the features.
    """

    geometry_types: tuple[str, ...] = ()
    max_features: int | None = None
    layers: tuple[tuple[str, str], ...] = ()
    only_layers: bool = False
    time_fields: tuple[str, ...] = ()
    symbology: Symbology | None = field(default=None, compare=False, metadata={"published": False})
    label_field: str = ""

    name = "GPFeatureRecordSetLayer"

    @property
    def accepted(self) -> str:
        """A feature set with its geometry types, and the names of layers."""
        own = (
            "an Esri JSON feature set of "
            + " or ".join(self.geometry_types or GEOMETRY_TYPES)
            + ", or GeoJSON"
        )
        names = ", ".join(name for name, _ in self.layers)
        if self.only_layers:
            return f"one of the layers {names}"
        return f"{own}; or one of the layers {names}" if names else own

    @property
    def empty(self) -> JSON:
        """A feature set without features: clients need it instead of null."""
        return {
            "displayFieldName": "",
            "geometryType": (self.geometry_types or GEOMETRY_TYPES)[-1],
            "spatialReference": {"wkid": 4326, "latestWkid": 4326},
            "fields": [_OBJECT_ID],
            "features": [],
            "exceededTransferLimit": False,
        }

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch the features if the value is a reference."""
        if self.only_layers:
            return raw
        reference = find_reference(raw, "features")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, options: LoadOptions) -> FeatureSet[Any]:
        """Read JSON or a published layer; drop features outside the extent, and project the others."""
        from gpserverless.formats.feature_json import decode_features

        accepted = frozenset(self.geometry_types)
        limits = _tighten(options.limits, self.max_features)
        source = self._read_layer(raw) or _read_source(raw)
        features = decode_features(source, accepted=accepted, limits=limits, warn=options.warn)
        if options.extent is not None:
            features = features.within_extent(options.extent)
        if options.process_sr is not None:
            features = features.project(spatial_reference(dict(options.process_sr)), warn=options.warn)
        return features

    def check_at_submit(self, raw: JSON, options: LoadOptions) -> Any:
        """Read a light value without curves; of another only count the features."""
        if not is_heavy(raw):
            return self.load(raw, options)
        _check_count(raw, options.limits.features)
        return None

    def _read_layer(self, raw: JSON) -> bytes | None:
        """Return the published layer of a name; None for a value that carries its features itself."""
        path = dict(self.layers).get(raw.strip()) if isinstance(raw, str) else None
        if path is not None:
            return find_published_layer(path).read_bytes()
        is_other_name = isinstance(raw, str) and not raw.lstrip().startswith("{")
        if self.only_layers or (self.layers and is_other_name):
            self.fail(f"{quoted(raw)} is not one of the layers")
        return None

    def holds(self, value: Any) -> bool:
        """Return whether it is a FeatureSet."""
        from gpserverless.features.feature_set import FeatureSet

        return isinstance(value, FeatureSet)

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write Esri JSON in the spatial reference of the options; None is an empty feature set."""
        if value is None:
            return make_layer_object(self.empty, options.title) if options.as_collection else self.empty
        text = b"".join(self._encode(value, options))
        if options.as_collection:
            return make_layer_object(orjson.loads(text), options.title)
        return orjson.Fragment(text)

    def write(self, value: Any, options: DumpOptions) -> Iterable[bytes]:
        """Write the same as `dump`, in blocks."""
        if value is None or options.as_collection:
            return (orjson.dumps(self.dump(value, options)),)
        return self._encode(value, options)

    def _encode(self, value: Any, options: DumpOptions) -> Iterator[bytes]:
        from gpserverless.features.feature_set import FeatureSet
        from gpserverless.formats.esri_json import stream_features

        if not isinstance(value, FeatureSet):
            raise InvalidValue(f"{quoted(value)} is not a FeatureSet")
        if options.out_sr is not None:
            value = value.project(spatial_reference(dict(options.out_sr)), warn=options.warn)
        yield from stream_features(
            value,
            z=options.return_z,
            m=options.return_m,
            maximum=options.max_records,
            precision=options.geometry_precision,
        )

    def describe(self) -> dict[str, JSON]:
        """Return the names of layers, and the geometry filter unless any type is accepted."""
        names = {"choiceList": [name for name, _ in self.layers]} if self.layers else {}
        types = {"filter": {"type": "featureClass", "list": list(self.geometry_types)}}
        return {**names, **(types if self.geometry_types else {})}

    def echo(self, raw: JSON) -> JSON:
        """Return the JSON or the layer's name as it was sent, a reference without its tokens."""
        if isinstance(raw, str) and raw.strip() in dict(self.layers):
            return raw.strip()
        return echo_reference(raw, self.accepted)


@dataclass(frozen=True)
class GPRecordSet(DataType, Referable, Costly, Deferrable, Streamable, Recognizing, Echoing):
    """Rows of attributes without geometry, in Python a `Table`."""

    max_features: int | None = None
    time_fields: tuple[str, ...] = ()

    name = "GPRecordSet"
    accepted = 'a record set {"fields": […], "features": [{"attributes": {…}}]}'

    @property
    def empty(self) -> JSON:
        """A record set without rows."""
        return {
            "displayFieldName": "",
            "fields": [_OBJECT_ID],
            "features": [],
            "exceededTransferLimit": False,
        }

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch the rows if the value is a reference."""
        reference = find_reference(raw, "table")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, options: LoadOptions) -> Any:
        """Read Esri JSON, or the properties of GeoJSON."""
        from gpserverless.formats.feature_json import decode_table

        limits = _tighten(options.limits, self.max_features)
        return decode_table(_read_source(raw), limits=limits, warn=options.warn)

    def check_at_submit(self, raw: JSON, options: LoadOptions) -> Any:
        """Read a light value; of another only count the rows."""
        if not isinstance(raw, str) or len(raw) <= LIGHT_VALUE:
            return self.load(raw, options)
        _check_count(raw, options.limits.features)
        return None

    def holds(self, value: Any) -> bool:
        """Return whether it is a Table."""
        from gpserverless.features.feature_set import Table

        return isinstance(value, Table)

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write Esri JSON; None is an empty record set."""
        return self.empty if value is None else orjson.Fragment(b"".join(self._encode(value, options)))

    def write(self, value: Any, options: DumpOptions) -> Iterable[bytes]:
        """Write the same as `dump`, in blocks."""
        return (orjson.dumps(self.empty),) if value is None else self._encode(value, options)

    def _encode(self, value: Any, options: DumpOptions) -> Iterator[bytes]:
        from gpserverless.features.feature_set import Table
        from gpserverless.formats.esri_json import stream_table

        if not isinstance(value, Table):
            raise InvalidValue(f"{quoted(value)} is not a Table")
        yield from stream_table(value, maximum=options.max_records)

    def echo(self, raw: JSON) -> JSON:
        """Return the JSON as it was sent, a reference without its tokens."""
        return echo_reference(raw, self.accepted)


def _tighten(limits: FeatureLimits, max_features: int | None) -> FeatureLimits:
    return replace(limits, features=min(max_features or limits.features, limits.features))


def _read_source(raw: JSON) -> JSON:
    if isinstance(raw, str) and raw.lstrip().startswith("{'"):
        return json_text.parse_object(raw, "Esri JSON, or the text of a Python dict")
    return raw.path.read_bytes() if isinstance(raw, LocalFile) else raw


def find_published_layer(path: str) -> Path:
    """Return the file of a layer that is published with a tool.

    Args:
        path: Path below the import path, beginning with a package: "toolboxes/samples/cities.json".

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


def _check_count(raw: str, limit: int) -> None:
    from gpserverless.formats.esri_json.document import read_document

    count = len(read_document(raw).features)
    if count > limit:
        raise InvalidValue(f"it has {count:,} features", f"at most {limit:,}")
