"""The XML around the ordinates of geometries, in the order and with the types of the schema."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.geometry.geometry_types import MULTIPOINT, POLYGON, POLYLINE
from gpserverless.protocols.soap.schema.node import Piece

NIL_CELL = b'<Value xsi:nil="true"/>'
"""A cell without a value."""

GeometryCell = tuple[Piece, ...]
"""The XML of a geometry, in pieces that follow each other."""

POINT_CELL_START = '<Value xsi:type="tns:PointN">'
"""The beginning of a cell with a point."""

POINT_CELL_END = "</Value>"
"""The end of a cell with a point."""

POINTS_BETWEEN = '</Point><Point xsi:type="tns:PointN">'
"""What stands between two vertices of a part."""

_POINTS_START = '<PointArray xsi:type="tns:ArrayOfPoint"><Point xsi:type="tns:PointN">'
_POINTS_END = "</Point></PointArray>"
_KINDS = {
    MULTIPOINT: ("MultipointN", "", ""),
    POLYLINE: ("PolylineN", "PathArray", "Path"),
    POLYGON: ("PolygonN", "RingArray", "Ring"),
}


@dataclass(frozen=True)
class PartMarkup:
    """The XML around the vertices of multipoints, polylines or polygons.

    Attributes:
        kind: Name of the type in the schema.
        array: Name of the element with the parts, "" for a multipoint.
        part: Name of a part, "" for a multipoint.
    """

    kind: str
    array: str
    part: str

    @classmethod
    def of(cls, geometry_type: str) -> PartMarkup:
        """Return that of a type.

        Args:
            geometry_type: Esri name of the type.
        """
        return cls(*_KINDS[geometry_type])

    def start(self, *, has_z: bool, has_m: bool) -> str:
        """Return what stands before the first vertex.

        Args:
            has_z: Whether vertices have heights.
            has_m: Whether vertices have measures.
        """
        z, m = ("true" if flag else "false" for flag in (has_z, has_m))
        flags = f"<HasID>false</HasID><HasZ>{z}</HasZ><HasM>{m}</HasM>"
        before = f'<{self.array} xsi:type="tns:ArrayOf{self.part}">' if self.part else ""
        return f'<Value xsi:type="tns:{self.kind}">{flags}{before}{self._part_start}'

    @property
    def between(self) -> str:
        """What stands between two parts."""
        return f"{self._part_end}{self._part_start}"

    @property
    def end(self) -> str:
        """What stands behind the last vertex."""
        return f"{self._part_end}</{self.array}></Value>" if self.part else f"{self._part_end}</Value>"

    @property
    def _part_start(self) -> str:
        return f'<{self.part} xsi:type="tns:{self.part}">{_POINTS_START}' if self.part else _POINTS_START

    @property
    def _part_end(self) -> str:
        return f"{_POINTS_END}</{self.part}>" if self.part else _POINTS_END
