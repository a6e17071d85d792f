"""Feature sets and tables.

The geometry libraries are imported where a value is read or written, not with this module: the functions
that answer polls and describe services never need them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from gpserverless.datatypes.base import JSON, DataType, Reading, Writing
from gpserverless.datatypes.references import Fetch, Fetched, echoed, find_reference
from gpserverless.datatypes.scalars import shown
from gpserverless.datatypes.spatial_reference import spatial_reference
from gpserverless.errors import InvalidValue

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
    """

    geometry_types: tuple[str, ...] = ()
    max_features: int | None = None

    @property
    def name(self) -> str:
        """GPFeatureRecordSetLayer."""
        return "GPFeatureRecordSetLayer"

    @property
    def accepted(self) -> str:
        """A feature set and its geometry types."""
        return "an Esri JSON feature set of " + " or ".join(self.geometry_types or GEOMETRY_TYPES)

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
    def refers(self) -> bool:
        """Always: features may lie on another server."""
        return True

    def resolve(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to."""
        reference = find_reference(raw, "features")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, reading: Reading) -> FeatureSet[Any]:
        """Read Esri JSON, project it as asked and drop what the extent does not meet."""
        from gpserverless.features.esri_json import FeatureLimits, decode_features

        limits = FeatureLimits(
            min(self.max_features or reading.max_features, reading.max_features), reading.max_vertices
        )
        features = decode_features(_source(raw), accepted=frozenset(self.geometry_types), limits=limits)
        if reading.extent is not None:
            features = features.within_extent(reading.extent)
        if reading.process_sr is not None:
            features = features.project(spatial_reference(dict(reading.process_sr)))
        return features

    def dump(self, value: Any, writing: Writing) -> JSON:
        """Write Esri JSON, projected as asked; None is an empty feature set."""
        from gpserverless.features.esri_json import encode_features
        from gpserverless.features.feature_set import FeatureSet

        if value is None:
            return self.empty
        if not isinstance(value, FeatureSet):
            raise InvalidValue(f"{shown(value)} is not a FeatureSet")
        if writing.out_sr is not None:
            value = value.project(spatial_reference(dict(writing.out_sr)))
        text = encode_features(value, z=writing.return_z, m=writing.return_m, maximum=writing.max_records)
        return orjson.Fragment(text)

    def describe(self) -> dict[str, JSON]:
        """Return the geometry filter, unless every type is accepted."""
        return (
            {"filter": {"type": "featureClass", "list": list(self.geometry_types)}}
            if self.geometry_types
            else {}
        )

    def echo(self, raw: JSON) -> JSON:
        """Return the JSON as it was sent, a reference without its tokens."""
        return echoed(raw, self.accepted)


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
    def refers(self) -> bool:
        """Always: rows may lie on another server."""
        return True

    def resolve(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to."""
        reference = find_reference(raw, "table")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, reading: Reading) -> Any:
        """Read Esri JSON."""
        from gpserverless.features.esri_json import FeatureLimits, decode_table

        limit = min(self.max_features or reading.max_features, reading.max_features)
        return decode_table(_source(raw), limits=FeatureLimits(limit, reading.max_vertices))

    def dump(self, value: Any, writing: Writing) -> JSON:
        """Write Esri JSON; None is an empty record set."""
        from gpserverless.features.esri_json import encode_table
        from gpserverless.features.feature_set import Table

        if value is None:
            return self.empty
        if not isinstance(value, Table):
            raise InvalidValue(f"{shown(value)} is not a Table")
        return orjson.Fragment(encode_table(value, maximum=writing.max_records))

    def echo(self, raw: JSON) -> JSON:
        """Return the JSON as it was sent, a reference without its tokens."""
        return echoed(raw, self.accepted)


def _source(raw: JSON) -> JSON:
    return raw.path.read_bytes() if isinstance(raw, Fetched) else raw
