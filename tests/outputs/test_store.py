"""Small outputs go into answers; large ones are stored beside a gzip twin, and linked."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from gpserverless.outputs.limits import INLINE_BYTES
from gpserverless.outputs.store import (
    FILE_TYPE,
    Inline,
    Link,
    inline_or_link,
    link_to_file,
    store_file,
    store_output,
)
from tests.jobs.in_memory import MemoryObjects

SIZES = [(9, False), (INLINE_BYTES, False), (INLINE_BYTES + 1, True)]


def go_on() -> None:
    """Cancel nothing."""


@pytest.mark.parametrize(("size", "twin"), SIZES)
@pytest.mark.parametrize("in_file", [False, True])
def test_store_output_adds_a_gzip_twin_to_large_ones(
    tmp_path: Path, size: int, twin: bool, in_file: bool
) -> None:
    objects, body = MemoryObjects(), b"1" * size
    path = tmp_path / "output.json"
    path.write_bytes(body)
    length = store_output(objects, "key", path if in_file else body, go_on)
    assert objects.bodies["key"] == body
    assert (length > 0, "key.gz" in objects.bodies) == (twin, twin)
    if twin:
        assert len(objects.bodies["key.gz"]) == length
        assert gzip.decompress(objects.bodies["key.gz"]) == body


@pytest.mark.parametrize(("size", "linked"), SIZES)
def test_inline_or_link(size: int, linked: bool) -> None:
    objects = MemoryObjects()
    objects.put("jobs/j1/zones.json", b"bytes", "application/json")
    answer = inline_or_link(objects, "jobs/j1/zones.json", size, False, 60)
    query = "seconds=60&type=application/json&name=zones.json"
    link = Link(f"https://objects.test/jobs/j1/zones.json?{query}")
    assert answer == (link if linked else Inline(b"bytes"))


def test_link_may_lead_to_the_gzip_twin() -> None:
    link = inline_or_link(MemoryObjects(), "zones.json", INLINE_BYTES + 1, True, 60)
    query = "seconds=60&type=application/json&name=zones.json"
    assert link == Link(f"https://objects.test/zones.json.gz?{query}")


def test_file_is_saved_under_its_name(tmp_path: Path) -> None:
    objects, path = MemoryObjects(), tmp_path / "x"
    path.write_bytes(b"abc")
    assert store_file(objects, "files/x", path, go_on) == 3
    link = link_to_file(objects, "files/x", "zones.csv", 60)
    assert link == Link(f"https://objects.test/files/x?seconds=60&type={FILE_TYPE}&name=zones.csv")
