"""KML files among the data sets of a file."""

from __future__ import annotations

from dataclasses import replace

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.kml_document import prepare_kml
from gpserverless.formats.files.sources import Source
from gpserverless.formats.files.warn import Warn


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
