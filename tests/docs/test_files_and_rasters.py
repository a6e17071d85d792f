"""The page about files is true: every line about what is written and read names a test that exists."""

from __future__ import annotations

import pytest

from tests.docs.test_reference import ROOT, functions_in, rows, spans

PAGE = (ROOT / "docs/how-to/files-and-rasters.md").read_text("utf-8")
TABLES = [cells for cells in rows(PAGE, 3) if cells[2].strip() != "test"]
LINES = [(cells[0].strip(), spans(cells[2])) for cells in TABLES]
FORMATS = {"CSV", "KML", "GeoJSON", "shapefile", "GeoPackage", "archive", "raster", "any format"}


@pytest.mark.parametrize(("what", "tests"), LINES, ids=[what for what, _ in LINES])
def test_tests_of_a_line_exist(what: str, tests: list[str]) -> None:
    assert tests, what
    for test in tests:
        path, _, function = test.partition("::")
        assert function in functions_in(path), test


def test_every_format_has_lines() -> None:
    assert len(LINES) >= 80
    assert {name for name in FORMATS if f"\n| {name}" in PAGE} == FORMATS
