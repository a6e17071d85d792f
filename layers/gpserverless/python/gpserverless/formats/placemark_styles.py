"""How the placemarks of a KMZ are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_HIDDEN = (
    "<IconStyle><scale>0</scale></IconStyle><LabelStyle><scale>0</scale></LabelStyle>"
    "<LineStyle><width>0</width></LineStyle><PolyStyle><fill>0</fill><outline>0</outline></PolyStyle>"
)


@dataclass(frozen=True)
class PlacemarkStyles:
    """Styles, and the placemarks that have them.

    Attributes:
        styles: The elements of KML that are in each style.
        numbers: Number of the style of each placemark, shape (N,); -1 for one that is not drawn.
        pictures: The pictures of points, by their names in the archive.
        told: A sentence about what is not drawn so; "" for none.
    """

    styles: tuple[str, ...]
    numbers: NDArray[np.int64]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    told: str = ""

    def write_styles(self) -> str:
        """Return the styles, which stand in front of the placemarks."""
        named = "".join(f'<Style id="c{number}">{each}</Style>' for number, each in enumerate(self.styles))
        return f'{named}<Style id="c-1">{_HIDDEN}</Style>' if (self.numbers < 0).any() else named

    def link_styles(self, begin: int, end: int) -> list[str]:
        """Return the link of some placemarks to their style.

        Args:
            begin: Number of the first placemark.
            end: Number behind the last one.
        """
        return [f"<styleUrl>#c{number}</styleUrl>" for number in self.numbers[begin:end].tolist()]
