"""The description of a layer: all that is known of it without its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from gpserverless.featurelayers.layer_time import LayerTime

Extent = tuple[float, float, float, float]
"""West, south, east and north, in the layer's spatial reference."""

LABELS = "labelingInfo"
"""Member of a stored renderer with the labels of its layer; clients find them beside the renderer."""


@dataclass(frozen=True)
class LayerManifest:
    """A layer of features, or a table.

    Attributes:
        name: Label for people.
        geometry_type: Esri name of the type, "" for a table.
        spatial_reference: As Esri JSON; None for a table or if it is not known.
        fields: The columns as Esri JSON, the object id first.
        object_id_field: Name of the column of object ids, which are unique positive integers.
        count: Number of rows.
        extent: Bounds of all shapes, None without any.
        has_z: Whether the shapes have heights.
        has_m: Whether they have measures.
        max_record_count: Most rows of a page.
        renderer: How it is drawn, as Esri JSON of a renderer, perhaps with `LABELS`; {} for the default of
            its geometry type.
        size: Bytes of its file.
        time: Its time, None for one without.
        has_gaps: Whether some vertices have a height, or a measure, that others have not.
    """

    name: str
    geometry_type: str
    spatial_reference: Mapping[str, Any] | None
    fields: tuple[Mapping[str, Any], ...]
    object_id_field: str
    count: int
    extent: Extent | None = None
    has_z: bool = False
    has_m: bool = False
    max_record_count: int = 2000
    renderer: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0
    time: LayerTime | None = None
    has_gaps: bool = False

    @property
    def is_table(self) -> bool:
        """Whether it has no shapes."""
        return not self.geometry_type

    def to_document(self) -> dict[str, Any]:
        """Return the manifest as JSON."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the manifest of a document that `to_document` made.

        Args:
            document: JSON of a manifest.
        """
        extent = document.get("extent")
        return cls(
            **{
                **document,
                "fields": tuple(document["fields"]),
                "extent": None if extent is None else tuple(extent),
                "time": LayerTime.from_document(document.get("time")),
            }
        )
