"""GeoPackages of strangers: their tables, without what computes something when it is read.

A view is a query that its author wrote, and one line of it can run for ever. A virtual table is read by
code that the file names. So GDAL is given a file of tables alone; where there is more, a copy without it.
SQLite's own advice for files from elsewhere is followed (sqlite.org/security.html).
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.warn import Warn

MOST_SECONDS = 5.0
"""Longest time that SQLite may take to list the content of a file."""

MOST_OBJECTS = 10_000
"""Most tables, indices, views and triggers of a file."""

PRAGMAS = ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0")
"""Settings of SQLite for a file from elsewhere."""

_UNFINISHED = ("-wal", "-journal")
_STEPS = 10_000
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\s+TABLE\b", re.IGNORECASE)
_INDEX_OF_PLACES = re.compile(r"(?!.*(?:--|/\*)).*\bUSING\s+rtree\s*\(", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class _Untrusted:
    """A view or a virtual table."""

    name: str
    noun: str


def prepare_geopackage(path: Path, warn: Warn) -> Path:
    """Return a GeoPackage of tables alone: the file itself, or a copy without its views and virtual tables.

    Args:
        path: The file.
        warn: Takes a sentence about every layer that is left out.

    Raises:
        InvalidValue: It is damaged, has far too many tables, or was not closed by the program that wrote it.
    """
    _refuse_unfinished(path)
    with _open(f"{path.absolute().as_uri()}?mode=ro&immutable=1", path) as database:
        untrusted = _list_untrusted(database)
        layers = _list_layers(database, untrusted)
    for each in untrusted:
        if each.name.lower() in layers:
            warn(f"Layer '{each.name[:60]}' is left out: it is {each.noun}, and only tables are read.")
    return _copy_without(path, untrusted, bool(layers)) if untrusted else path


def _refuse_unfinished(path: Path) -> None:
    for suffix in _UNFINISHED:
        beside = path.with_name(path.name + suffix)
        if beside.exists() and beside.stat().st_size:
            raise InvalidValue(
                f"beside the GeoPackage lies '{beside.name[:60]}', which holds changes to it",
                "a GeoPackage that no program has open",
            )


@contextmanager
def _open(place: str, path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that neither runs anything of its own nor takes long."""
    end = time.monotonic() + MOST_SECONDS
    try:
        with closing(sqlite3.connect(place, uri=True, isolation_level=None)) as database:
            database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            for pragma in PRAGMAS:
                database.execute(f"PRAGMA {pragma}")
            yield database
    except (sqlite3.Error, UnicodeDecodeError) as problem:
        raise InvalidValue(f"the GeoPackage '{path.name[:60]}' cannot be opened", "a GeoPackage") from problem


def _list_untrusted(database: sqlite3.Connection) -> list[_Untrusted]:
    found = database.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(MOST_OBJECTS + 1)
    if len(found) > MOST_OBJECTS:
        raise InvalidValue(f"the GeoPackage has more than {MOST_OBJECTS:,} tables and views", "fewer of them")
    views = [_Untrusted(name, "a view") for kind, name, _ in found if kind == "view"]
    virtual = [
        _Untrusted(name, "a virtual table")
        for kind, name, sql in found
        if kind == "table" and _VIRTUAL.match(sql or "") and not _INDEX_OF_PLACES.match(sql)
    ]
    return views + virtual


def _list_layers(database: sqlite3.Connection, untrusted: Sequence[_Untrusted]) -> set[str]:
    """Return the names of the layers in small letters; none if their list is a view itself."""
    if not untrusted or any(each.name.lower() == "gpkg_contents" for each in untrusted):
        return set()
    return {str(name).lower() for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}


def _copy_without(path: Path, untrusted: Sequence[_Untrusted], registered: bool) -> Path:
    """Copy a file, and take entries out of the copy's list of tables, without running anything of them."""
    made = Path(tempfile.mkdtemp(prefix="geopackage-"), path.name)
    shutil.copyfile(path, made)
    place = made.absolute().as_uri()
    names = [(each.name,) for each in untrusted]
    with _open(place, path) as database:
        database.execute("PRAGMA writable_schema=ON")
        database.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")  # else it runs below
        database.executemany("DELETE FROM sqlite_master WHERE type IN ('view', 'table') AND name = ?", names)
    if registered:
        with _open(place, path) as database:
            database.executemany("DELETE FROM gpkg_contents WHERE lower(table_name) = lower(?)", names)
    return made
