"""Data sets in a file from a caller: unpacked, and with content that matches the extension."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.archives import unpack
from gpserverless.formats.files.file_formats import ACCEPTED, FileFormat, find_format

_TEXT_STARTS = {"GeoJSON": (b"{",), "KML": (b"<?xml", b"<kml")}
_BOM = b"\xef\xbb\xbf"
_ARCHIVES = {".zip", ".kmz"}
_HEAD = 4096


@dataclass(frozen=True)
class Source:
    """A data set on disk.

    Attributes:
        path: Its file, or the folder of a file geodatabase.
        format: Its format.
    """

    path: Path
    format: FileFormat


def find_sources(path: Path) -> list[Source]:
    """Return the data sets of a file: the file itself, or those in an archive.

    Args:
        path: The file.

    Raises:
        InvalidValue: There is none, or the content of one does not match its extension.
    """
    if path.suffix.lower() in _ARCHIVES:
        folder = Path(tempfile.mkdtemp(prefix="unpacked-"))
        unpack(path, folder)
        found = [source for entry in _list_entries(folder) if (source := _identify(entry)) is not None]
        if not found:
            raise InvalidValue("the archive holds no file of a known format", ACCEPTED)
        return found
    found_here = _identify(path)
    if found_here is None or found_here.format.packed:
        raise InvalidValue(f"'{path.name[:60]}' is not a file of a known format", ACCEPTED)
    return [found_here]


def _list_entries(folder: Path) -> list[Path]:
    """Return files and folders, without those within a file geodatabase and those that macOS adds."""
    found = (p for p in sorted(folder.rglob("*")) if not {"__MACOSX"} & set(p.parts))
    return [p for p in found if not any(above.suffix.lower() == ".gdb" for above in p.parents)]


def _identify(path: Path) -> Source | None:
    made = find_format(path.suffix)
    if made is None or path.is_dir() != (made.suffix == ".gdb"):
        return None
    if path.is_file() and not _matches_content(made, path):
        raise InvalidValue(f"'{path.name[:60]}' is not the {made.name} file that its name promises", ACCEPTED)
    return Source(path, made)


def _matches_content(made: FileFormat, path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if made.magic:
        return head.startswith(made.magic)
    text = head.removeprefix(_BOM).lstrip()
    starts = _TEXT_STARTS.get(made.name)
    return text.lower().startswith(starts) if starts else b"\0" not in head
