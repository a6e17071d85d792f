"""Zip archives from unknown senders, unpacked within limits.

Nothing in an archive is trusted. No name leads out of the target folder. Sizes are counted while the entries
inflate, since the directory of an archive may have wrong ones.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from gpserverless.errors import DISK_FULL, InvalidValue

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_DEEPEST, _LONGEST_NAME = 50, 255  # folders, and bytes of a name, which Linux bears
_NESTED = {".zip", ".kmz", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar"}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@dataclass(frozen=True)
class ArchiveLimits:
    """Limits of the content of one archive.

    Attributes:
        entries: Most entries; a file geodatabase has hundreds.
        size: Most bytes of all entries together, inflated. There is no limit of the ratio: the blanks of an
            honest table deflate 300 to 1.
    """

    entries: int = 10_000
    size: int = 2_000_000_000


def unpack(archive: Path, folder: Path, limits: ArchiveLimits | None = None) -> list[str]:
    """Unpack a zip archive into a folder; return the names of archives in it, which stay packed.

    Args:
        archive: The archive.
        folder: An empty folder.
        limits: Limits of the content.

    Raises:
        InvalidValue: It is no zip archive, it is damaged or over a limit, or an entry is refused: one that
            leads out of the folder, a link, a device, an encrypted entry.
    """
    limits = limits or ArchiveLimits()
    most, packed = limits.size, []
    try:
        with ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > limits.entries:
                raise InvalidValue(
                    f"the archive has {len(entries):,} entries", f"at most {limits.entries:,} entries"
                )
            paths = [_resolve_path(entry) for entry in entries]
            for entry, path in zip(entries, paths, strict=True):
                if path.suffix.lower() in _NESTED:
                    packed.append(path.name)
                elif not entry.is_dir():
                    most -= _inflate(opened, entry, folder / path, most)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeDecodeError) as problem:
        if isinstance(problem, OSError) and problem.errno in DISK_FULL:
            raise
        raise InvalidValue("the archive is damaged", "a zip archive") from problem
    return packed


def _resolve_path(entry: ZipInfo) -> PurePosixPath:
    """Return the path of an entry below the folder; raise if it leads out, or is no plain file or folder."""
    name = entry.filename.replace("\\", "/")  # as some programs of Windows write it
    path = PurePosixPath(name)
    shown = f"its entry {name[:60]!r}"
    drive = len(name) > 1 and name[1] == ":"
    if path.is_absolute() or ".." in path.parts or "\0" in name or drive or not path.parts:
        raise InvalidValue(f"{shown} leads out of the archive")
    if len(path.parts) > _DEEPEST or any(len(part.encode()) > _LONGEST_NAME for part in path.parts):
        raise InvalidValue(f"{shown} has a name that is too long", f"names of {_LONGEST_NAME} bytes")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise InvalidValue(f"{shown} is a link or a device")
    if entry.flag_bits & _ENCRYPTED:
        raise InvalidValue(f"{shown} is encrypted")
    if entry.compress_type not in _METHODS:
        raise InvalidValue(f"{shown} is compressed in an unusual way", "a zip archive with deflated entries")
    return path


def _inflate(opened: ZipFile, entry: ZipInfo, path: Path, most: int) -> int:
    """Write one entry to a path, at most `most` bytes, and return its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with opened.open(entry) as packed, path.open("xb") as file:
        while block := packed.read(_BLOCK):
            size += len(block)
            if size > most:
                raise InvalidValue("the archive inflates to far more than it should", "at most 2 GB")
            file.write(block)
    return size
