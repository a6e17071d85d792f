"""Data sets in a file from a caller: unpacked, and with content that matches the extension."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.archives import unpack
from gpserverless.formats.files.file_formats import ACCEPTED, ALIASES, FileFormat, find_format
from gpserverless.formats.files.warn import Warn, ignore_warning

_TEXT_STARTS = {"GeoJSON": (b"{",), "KML": (b"<?xml", b"<kml", b"<!--")}
_BOM = b"\xef\xbb\xbf"
_ARCHIVES = {".zip", ".kmz"}
_HEAD = 4096
_CATALOGUE = "a00000001.gdbtable"  # every file geodatabase has it


@dataclass(frozen=True)
class Source:
    """A data set on disk.

    Attributes:
        path: Its file, or the folder of a file geodatabase.
        format: Its format.
        is_below: Whether it lies in a folder of an archive.
    """

    path: Path
    format: FileFormat
    is_below: bool = False


def find_sources(path: Path, warn: Warn = ignore_warning) -> list[Source]:
    """Return the data sets of a file: the file itself, or those in an archive.

    Args:
        path: The file.
        warn: Takes a sentence about everything in an archive that looks like data and is left out.

    Raises:
        InvalidValue: There is none, or the content of one does not match its extension.
    """
    if path.suffix.lower() in _ARCHIVES:
        return _find_in_archive(path, warn)
    found = _identify(path)
    if found is None or found.format.packed:
        raise InvalidValue(f"'{path.name[:60]}' is not a file of a known format", ACCEPTED)
    return [found]


def _find_in_archive(path: Path, warn: Warn) -> list[Source]:
    folder = Path(tempfile.mkdtemp(prefix="unpacked-"))
    told = [f"the archive holds an archive in the archive, '{name[:60]}'" for name in unpack(path, folder)]
    found: list[Source] = []
    untold: list[str] = []
    for entry in _list_entries(_name_geodatabases(folder)):
        try:
            source = _identify(entry)
        except InvalidValue as problem:
            any_text = entry.suffix.lower() in ALIASES  # such as a README.txt in UTF-16
            (untold if any_text else told).append(problem.problem)
            continue
        if source is not None:
            found.append(replace(source, is_below=entry.parent != folder))
    if not found:
        problems = [*told, *untold, "the archive holds no file of a known format"]
        raise InvalidValue(problems[0], ACCEPTED)
    for text in told:
        warn(f"{text[:1].upper()}{text[1:]}; it is left out.")
    return found


def _name_geodatabases(folder: Path) -> Path:
    """Rename folders with the tables of a file geodatabase but without its extension; return the top one."""
    inside = {table.parent for table in folder.rglob(_CATALOGUE)}
    for each in sorted(inside, reverse=True):
        if each.suffix.lower() != ".gdb":
            each.rename(each.with_name(f"{each.name}.gdb"))
    return folder.parent / f"{folder.name}.gdb" if folder in inside else folder


def _list_entries(folder: Path) -> list[Path]:
    """Return files and folders, without those within a file geodatabase and those that macOS adds."""
    found = (p for p in [folder, *sorted(folder.rglob("*"))] if "__MACOSX" not in p.parts)
    return [p for p in found if p.name[:2] != "._" and not any(a.suffix.lower() == ".gdb" for a in p.parents)]


def _identify(path: Path) -> Source | None:
    made = find_format(path.suffix)
    if made is None or path.is_dir() != (made.suffix == ".gdb"):
        return None
    if path.is_file() and not _matches_content(made, path):
        if not made.magic and _is_in_utf_16(path):
            raise InvalidValue(f"the texts of '{path.name[:60]}' are in UTF-16", f"{made.name} in UTF-8")
        raise InvalidValue(f"'{path.name[:60]}' is not the {made.name} file that its name promises", ACCEPTED)
    return Source(path, made)


def _is_in_utf_16(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(b"\0") > len(head) // 4


def _matches_content(made: FileFormat, path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if made.magic:
        return head.startswith(made.magic)
    text = head.removeprefix(_BOM).lstrip()
    starts = _TEXT_STARTS.get(made.name)
    return text.lower().startswith(starts) if starts else b"\0" not in head
