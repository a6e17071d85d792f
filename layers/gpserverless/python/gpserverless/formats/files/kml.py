"""KML files among the data sets of a file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.kml_document import prepare_kml
from gpserverless.formats.files.sources import Source
from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count


def prepare_sources(sources: list[Source], warn: Warn) -> list[Source]:
    """Return data sets with edited KML documents, without those that only link to others.

    Args:
        sources: The data sets.
        warn: Takes a sentence about every loss.

    Raises:
        InvalidValue: There is nothing but links to KML files, or images.
    """
    prepared, held = [], ""
    for source in sources:
        try:
            document = prepare_kml(source.path, warn) if source.format.name == "KML" else None
        except RecursionError:
            raise InvalidValue("the KML file nests its elements too deeply") from None
        if document is None:
            prepared.append(source)
        elif document.placemarks or not (document.links or document.overlays):
            prepared.append(replace(source, path=document.path))
        else:
            held = "links to other files (NetworkLink)" if document.links else "images (overlays)"
    if not prepared:
        raise InvalidValue(f"the KML file holds only {held}, no placemarks", "KML files with placemarks")
    return prepared


def tell_latitudes(shapes: NDArray[np.object_], warn: Warn) -> None:
    """Warn of shapes beyond the poles, such as of coordinates in the order latitude, longitude.

    Args:
        shapes: Shape (N,), shapely geometries or None, in longitude and latitude.
        warn: Takes the sentence.
    """
    bounds = shapely.bounds(shapes)
    if beyond := int(np.count_nonzero((bounds[:, 1] < -90) | (bounds[:, 3] > 90))):
        warn(f"{write_count(beyond, 'feature has', 'features have')} latitudes beyond 90 degrees.")
