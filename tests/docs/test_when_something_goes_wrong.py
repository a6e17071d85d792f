"""The page of errors has every text of the code, and no text that the code has not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gpserverless import errors
from gpserverless.http.error_codes import INCOMPLETE
from gpserverless.jobs.find import _NO_RESULTS
from tests.docs.raised_texts import CLASSES, RaisedText, read_raised_texts
from tests.docs.test_reference import rows

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/when-something-goes-wrong.md").read_text("utf-8")
RAISED = read_raised_texts()
FIXED = {
    str(kind())
    for kind in (
        *(errors.TokenRequired, errors.InvalidToken, errors.InvalidSignIn),
        *(errors.InvalidRedirect, errors.Forbidden),
    )
}
"""Texts of the classes that have one each."""

BY_FAMILY = {"InvalidValue", "InvalidParameter", "MissingParameter"}
"""Classes whose texts are too many; the page has their families."""

TOLD_TO_NOBODY = {"StorageError", "StorageRefused", "Cancelled", "LeaseLost"}
"""Classes whose texts go into the log alone."""

OF_TOOLS = "analysis/"
"""Start of the places of the engines, whose texts are their tools': the page of each tool is about them."""

SECTIONS = dict(zip(*[iter(re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))
START, FAMILIES = SECTIONS.pop("The site does not start"), SECTIONS.pop("A value is refused")


def texts_of(cell: str) -> list[str]:
    """Return the code spans of a cell, those in two backticks among them."""
    return [double or single for double, single in re.findall(r"``\s(.+?)\s``|(?<!`)`([^`]+)`(?!`)", cell)]


LISTED = {
    text
    for section in SECTIONS.values()
    for columns in (3, 4)
    for cells in rows(section, columns)
    for text in texts_of(cells[0])
}
NEEDED = [
    each
    for each in RAISED
    if each.kind not in BY_FAMILY | TOLD_TO_NOBODY
    and not each.place.startswith(OF_TOOLS)
    and re.search(r"[A-Za-z]{2}.* .*[A-Za-z]{2}|Invalid", each.text)
]
COLUMNS = [cells for cells in rows(FAMILIES, 4) if texts_of(cells[0]) and texts_of(cells[1])]
FAMILY_OF = {texts_of(cells[1])[0]: texts_of(cells[0])[0] for cells in COLUMNS}


@pytest.mark.parametrize("each", sorted(set(NEEDED)), ids=lambda each: each.text[:60])
def test_text_of_the_code_is_on_the_page(each: RaisedText) -> None:
    assert each.text in LISTED, f"{each.kind} of {each.place}"


def test_page_has_no_text_that_the_code_has_not() -> None:
    known = {each.text for each in RAISED} | FIXED | set(_NO_RESULTS.values()) | {INCOMPLETE}
    assert LISTED - known == set()
    assert len(LISTED) > 150


def test_texts_of_classes_with_one_text_are_on_the_page() -> None:
    assert FIXED | set(_NO_RESULTS.values()) <= LISTED


def test_every_class_is_on_the_page_or_told_to_nobody() -> None:
    told = {each.kind for each in RAISED if each.text in LISTED}
    told |= {"TokenRequired", "InvalidToken", "InvalidSignIn", "InvalidRedirect", "Forbidden"} | BY_FAMILY
    concrete = {each.kind for each in RAISED}
    assert concrete <= told | TOLD_TO_NOBODY
    assert told <= set(CLASSES)


def family_of(place: str) -> str:
    """Return the place of the family of a module: the longest one that it begins with."""
    return max((each for each in FAMILY_OF if place.startswith(each)), key=len, default="")


def test_every_module_that_refuses_values_has_a_family() -> None:
    modules = {each.place for each in RAISED if each.kind == "InvalidValue"}
    assert [module for module in sorted(modules) if not family_of(module)] == []
    assert {family_of(module) for module in modules} == set(FAMILY_OF)


@pytest.mark.parametrize(("place", "text"), FAMILY_OF.items())
def test_text_of_a_family_is_one_of_its_own(place: str, text: str) -> None:
    assert text in {e.text for e in RAISED if e.kind == "InvalidValue" and family_of(e.place) == place}


STARTERS = ("Makefile", "requirements/prepare.py", "layers/find-python")
OF_THE_SYSTEM = {"Address already in use"}


def test_texts_of_the_start_are_those_of_its_programs() -> None:
    programs = "".join((ROOT / path).read_text("utf-8") for path in STARTERS)
    told = {text for cells in rows(START, 3) for text in texts_of(cells[0])}
    assert len(told) > 5
    assert {text for text in told if text not in programs} == OF_THE_SYSTEM
