"""The beginning of XML from strangers: no document type, and so no entities.

A document type declares entities, which can grow a few bytes to gigabytes, or stand for a file of the machine
(OWASP, XML External Entity Prevention). No KML file needs one.
"""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

_BLOCK = 65_536
_BOM = b"\xef\xbb\xbf"


class _PrologRead(Exception):
    """The first element has begun, or a document type.

    Args:
        has_type: Whether it is a document type.
    """

    def __init__(self, has_type: bool) -> None:
        super().__init__(has_type)
        self.has_type = has_type


def has_document_type(path: Path) -> bool:
    """Return whether an XML file has a document type; of what is not well-formed its reader will tell.

    Args:
        path: The file; white space and a byte order mark in front of it do not matter.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _begin_type
    parser.StartElementHandler = _begin_element
    try:
        with path.open("rb") as file:
            block = file.read(_BLOCK).removeprefix(_BOM).lstrip()
            while block:
                parser.Parse(block)
                block = file.read(_BLOCK)
    except _PrologRead as prolog:
        return prolog.has_type
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return False


def _begin_type(*_: object) -> None:
    raise _PrologRead(has_type=True)


def _begin_element(*_: object) -> None:
    raise _PrologRead(has_type=False)
