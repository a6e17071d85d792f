"""The fields that the pictures of maps and of images have alike."""

from __future__ import annotations

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.request_form import RequestField

EXTENT = RequestField(Text("Extent"), Text("xmin,ymin,xmax,ymax. It grows to the shape of the picture."))
SIZE = RequestField(Text("Size"), Text("Width and height in pixels, up to 4096 each."), example="400,400")


def ask_references(note: Text) -> dict[str, RequestField]:
    """Return the fields of the references of the extent and of the picture.

    Args:
        note: The forms of a reference, and the one that is meant if it is left empty.
    """
    return {
        "bboxSR": RequestField(Text("Spatial reference of the extent"), note, example="4326"),
        "imageSR": RequestField(Text("Spatial reference of the picture"), note, example="3857"),
    }


def ask_resolution(note: Text) -> RequestField:
    """Return the field of the pixels per inch.

    Args:
        note: The purpose of the number.
    """
    return RequestField(Text("Resolution"), note, example="96")
