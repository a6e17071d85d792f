"""Take out of shared libraries what only a debugger reads: a third of a raster worker's machine code.

    python3.13 strip_debug.py FOLDER

A loader maps what the program headers name, and reads nothing else; sections, symbol tables and debug
information are for linkers and debuggers. So each file is written anew with its segments alone, one after the
other, at offsets that leave their place in a page as it was. This is `sstrip`, for every processor, where
`strip` knows its own alone. (System V ABI, chapters 4 and 5; gabi.xinuos.com.)
"""

import struct
import sys
from pathlib import Path

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT = struct.Struct(
    "<IIQQQQQQ"
)  # type, flags, offset, address, physical address, bytes, in memory, alignment
_ELF64_LITTLE_ENDIAN = b"\x7fELF\x02\x01"
_SHARED, _LOAD = 3, 1


def strip(content: bytes) -> bytes:
    """Return a shared library with nothing but what is loaded; anything else as it is."""
    if not content.startswith(_ELF64_LITTLE_ENDIAN) or _HEADER.unpack_from(content)[1] != _SHARED:
        return content
    header = list(_HEADER.unpack_from(content))
    table, number = header[5], header[10]
    segments = [list(_SEGMENT.unpack_from(content, table + i * _SEGMENT.size)) for i in range(number)]
    loaded = sorted((each for each in segments if each[0] == _LOAD), key=lambda each: each[2])
    made = bytearray()
    moves = []  # where each loaded segment begins and ends in the old file, and how far it goes
    for _, _, offset, address, _, size, _, alignment in loaded:
        made += bytes((address - len(made)) % alignment)
        moves.append((offset, offset + size, len(made) - offset))
        made += content[offset : offset + size]

    def move(offset: int) -> int:
        return offset + next(by for start, end, by in moves if start <= offset < end)

    try:
        for segment in segments:
            if segment[5]:
                segment[2] = move(segment[2])
        header[5] = move(table)
    except StopIteration:  # something that is not loaded is named
        return content
    header[6] = header[12] = header[13] = 0  # no sections
    if move(0) or len(made) >= len(content):
        return content
    _HEADER.pack_into(made, 0, *header)
    for i, segment in enumerate(segments):
        _SEGMENT.pack_into(made, header[5] + i * _SEGMENT.size, *segment)
    return bytes(made)


def main(folder: Path) -> None:
    """Strip every shared library below a folder."""
    for path in sorted(folder.rglob("*.so*")):
        path.write_bytes(strip(path.read_bytes()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
