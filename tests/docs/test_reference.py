"""The reference is true: its examples run, it names every data type, and the tests it names exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import pytest
from shapely import Point

import gpserverless
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.document import KINDS
from gpserverless.http.answer_format import FEATURE_FORMATS, FORMATS
from gpserverless.protocols.gpserver.routes import Resource
from gpserverless.toolkit.call import CallOptions

ROOT = Path(__file__).parents[2]
TYPES = (ROOT / "docs/reference/data-types.md").read_text("utf-8")
COVERAGE = (ROOT / "docs/reference/coverage.md").read_text("utf-8")


@dataclass(frozen=True)
class Row:
    """The row of the examples."""

    name: str
    count: int | None = None


NAMES = {name: getattr(gpserverless, name) for name in gpserverless.__all__}
NAMES |= {
    "Annotated": Annotated,
    "Any": Any,
    "Literal": Literal,
    "Point": Point,
    "Row": Row,
    "datetime": datetime,
}


def rows(document: str, columns: int) -> Iterator[list[str]]:
    """Yield the cells of every table with so many columns, without their heads."""
    for line in document.splitlines():
        cells = [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == columns and not line.startswith(
            ("|---", "| data type", "| resource", "| option", "| format")
        ):
            yield cells


def spans(cell: str) -> list[str]:
    """Return the contents of code spans."""
    return re.findall(r"`([^`]+)`", cell)


def example(cells: list[str]) -> tuple[str, str, list[str], str | None]:
    (name,), (annotation,) = spans(cells[0]), spans(cells[1])
    return name, annotation, spans(cells[2]), next(iter(spans(cells[3])), None)


EXAMPLES = [example(cells) for cells in rows(TYPES, 4)]


@pytest.mark.parametrize(("name", "annotation", "accepted", "answered"), EXAMPLES)
def test_examples_of_data_types_run(
    name: str, annotation: str, accepted: list[str], answered: str | None
) -> None:
    data_type = read_annotation(eval(annotation, dict(NAMES))).data_type
    assert data_type.name == name
    assert accepted
    for raw in accepted:
        if answered is None:
            assert data_type.fetch_references(raw, lambda reference: reference) is not raw
            continue
        value = data_type.load(raw, LoadOptions())
        assert orjson.loads(orjson.dumps(data_type.dump(value, DumpOptions()))) == orjson.loads(answered)


def test_every_data_type_has_an_example() -> None:
    shown = {
        type(read_annotation(eval(annotation, dict(NAMES))).data_type) for _, annotation, _, _ in EXAMPLES
    }
    assert {kind for kind in KINDS.values() if issubclass(kind, DataType)} <= shown


def test_every_marker_is_explained() -> None:
    markers = {"Keywords", "Labels", "FieldOf", "Layers", "FileTypes", "Category", "Declared"}
    assert markers <= set(gpserverless.__all__)
    assert markers <= {re.match(r"\w+", span)[0] for cells in rows(TYPES, 2) for span in spans(cells[0])}  # type: ignore[index]


COVERED = [(cells[0].strip(), cells[1].strip(), spans(cells[2])) for cells in rows(COVERAGE, 3)]


@cache
def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("what", "covered", "named"), COVERED, ids=[what for what, _, _ in COVERED])
def test_tests_that_coverage_names_exist(what: str, covered: str, named: list[str]) -> None:
    assert covered in ("yes", "no"), what
    assert named or covered == "no", "what is covered names a test"
    for test in (span for span in named if span.startswith("tests/")):
        path, _, function = test.partition("::")
        assert function in functions_in(path), test


def test_coverage_lists_every_resource_option_format_and_data_type() -> None:
    listed = {span for what, _, _ in COVERED for span in spans(what)}
    resources = set(Resource.__args__) - {"file", "schema"}  # type: ignore[attr-defined]
    assert resources <= listed
    assert {*FORMATS, *FEATURE_FORMATS} <= listed
    assert {name for name, _, _, _ in EXAMPLES} <= listed
    known = {"out_sr": "env:outSR", "process_sr": "env:processSR", "extent": "context", "return_z": "returnZ",
             "return_m": "returnM", "as_collection": "returnFeatureCollection",
             "column_names": "returnColumnName"}  # fmt: skip
    assert set(vars(CallOptions())) == set(known)
    assert set(known.values()) <= listed
