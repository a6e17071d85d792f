"""Compression is reproducible, and a file is compressed block by block."""

from __future__ import annotations

import gzip
from pathlib import Path

from gpserverless.outputs.compression import gzip_bytes, gzip_file

LARGE = b'{"value": "%s"}' % (b"abc " * 1000)


def test_equal_bytes_are_compressed_alike() -> None:
    assert gzip.decompress(gzip_bytes(LARGE)) == LARGE
    assert gzip_bytes(LARGE) == gzip_bytes(LARGE)


def test_file_is_compressed_beside_itself(tmp_path: Path) -> None:
    plain, looks = tmp_path / "output.json", []
    plain.write_bytes(LARGE * 1_000)
    target = gzip_file(plain, lambda: looks.append(1))
    assert (target.name, gzip.decompress(target.read_bytes())) == ("output.json.gz", LARGE * 1_000)
    assert len(looks) == 5
    first = target.read_bytes()
    assert gzip_file(plain, lambda: None).read_bytes() == first
