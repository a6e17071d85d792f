"""Boxes with sides parallel to the axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.values.quantities import require_finite
from gpserverless.values.spatial_reference import SpatialReference

_ACCEPTED = "a minimum that is not above its maximum"


@dataclass(frozen=True)
class Extent:
    """A box in the plane, and optionally in height and measure.

    Attributes:
        xmin: Left side, in the units of the spatial reference.
        ymin: Lower side.
        xmax: Right side.
        ymax: Upper side.
        zmin: Lowest height, None if heights do not matter.
        zmax: Greatest height.
        mmin: Smallest measure, None if measures do not matter.
        mmax: Greatest measure.
        spatial_reference: Of the sides; None if it is not known.

    Example:
        >>> box = Extent(0, 0, 200, 100, spatial_reference=SpatialReference(25832))
        >>> box.xmax, box.zmin
        (200.0, None)
    """

    xmin: float
    ymin: float
    xmax: float
    ymax: float
    zmin: float | None = None
    zmax: float | None = None
    mmin: float | None = None
    mmax: float | None = None
    spatial_reference: SpatialReference | None = None

    def __post_init__(self) -> None:
        for axis in "xyzm":
            low, high = (getattr(self, f"{axis}{side}") for side in ("min", "max"))
            if (low is None) != (high is None):
                raise InvalidValue(f"the extent has one of {axis}min and {axis}max", "both or none")
            if low is None:
                continue
            object.__setattr__(self, f"{axis}min", require_finite(low, f"the {axis}min of the extent"))
            object.__setattr__(self, f"{axis}max", require_finite(high, f"the {axis}max of the extent"))
            if low > high:
                raise InvalidValue(f"{axis}min of the extent is above {axis}max", _ACCEPTED)

    @property
    def width(self) -> float:
        """Distance from the left to the right side, in the units of the spatial reference.

        Example:
            >>> box.width
            200.0
        """
        return self.xmax - self.xmin

    @property
    def height(self) -> float:
        """Distance from the lower to the upper side, in the units of the spatial reference.

        Example:
            >>> box.height
            100.0
        """
        return self.ymax - self.ymin

    def to_json(self) -> dict[str, Any]:
        """Return Esri JSON; sides that are None are left out.

        Example:
            >>> Extent(0, 0, 200, 100).to_json()
            {'xmin': 0.0, 'ymin': 0.0, 'xmax': 200.0, 'ymax': 100.0}
        """
        sides = {name: value for name, value in vars(self).items() if name != "spatial_reference"}
        known = {name: value for name, value in sides.items() if value is not None}
        if self.spatial_reference is None:
            return known
        return known | {"spatialReference": self.spatial_reference.to_json()}
