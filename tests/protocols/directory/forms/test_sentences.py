"""Mistakes that a form leads to are told in the language of the page, the others in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gpserverless.datatypes.base import DataType, LoadOptions
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.quantities import GPArealUnit, GPLinearUnit
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString, Range
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.http.response import Response
from gpserverless.pages.texts import translate
from gpserverless.protocols.directory.forms.mistakes import tell_error, tell_value
from gpserverless.protocols.directory.forms.sentences import divide_sentences
from gpserverless.protocols.directory.frame import TEXTS
from tests.protocols.directory.forms.conftest import Site, make_task


def tell(text: str, language: str = "de") -> str:
    """Return what a page tells."""
    return " ".join(translate(TEXTS, language, each.text, each.values) for each in divide_sentences(text))


@pytest.mark.parametrize(
    ("data_type", "typed", "german"),
    [
        (GPLong(), "seven", "'seven' ist keine ganze Zahl. Möglich: eine ganze Zahl."),
        (GPLong(Range(ge=1, le=9)), 12, "12 liegt außerhalb des Bereichs. Möglich: eine ganze Zahl von "),
        (GPLong(), "1e300", "'1e300' ist zu groß. Möglich: ganze Zahlen von -4503599627370495 bis "),
        (GPDouble(), "x", "'x' ist keine Zahl. Möglich: eine endliche Zahl."),
        (GPDouble(Range(gt=0)), -1, "-1 liegt außerhalb des Bereichs. Möglich: eine Zahl über 0."),
        (GPDouble(Range(le=5)), 6, "6 liegt außerhalb des Bereichs. Möglich: eine Zahl von höchstens 5."),
        (GPBoolean(), "perhaps", "'perhaps' ist kein Wahrheitswert. Möglich: true, false."),
        (GPDate(), "tomorrow", "'tomorrow' ist kein Datum. Möglich: milliseconds"),
        (GPString(("a", "b")), "c", "'c' steht nicht zur Auswahl. Möglich: "),
        (GPLinearUnit(), "far", "'far' ist keine Entfernung. Möglich: eine Zahl und eine Einheit, etwa "),
        (
            GPArealUnit(),
            "wide",
            "'wide' ist keine Zahl mit Einheit. Möglich: eine Zahl und eine Einheit, etwa ",
        ),
        (
            SpatialReferenceText(),
            "999999",
            "999999 ist kein bekanntes Bezugssystem. Möglich: eine WKID ",
        ),
    ],
)
def test_mistake_of_a_value_is_told(data_type: DataType, typed: Any, german: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        data_type.load(typed, LoadOptions())
    mistake = tell_value("V", raised.value)
    assert tell(mistake.text).startswith(german)
    assert tell(mistake.text, "en") == mistake.text


@pytest.mark.parametrize(
    ("error", "german"),
    [
        (MissingParameter("V"), "Ein Wert ist nötig."),
        (InvalidParameter("V", "row 3: 'x' is not a number"), "Zeile 3: 'x' ist keine Zahl."),
        (InvalidParameter("V", "the moon is full", "a new moon"), "The moon is full. Möglich: a new moon."),
        (InvalidParameter("V", "it {has} a {place}"), "It {has} a {place}."),
        (InvalidParameter("V", "' Accepted: ' is not a date"), "' Accepted: ' is not a date."),
        (InvalidParameter("V", "xmin: 'a: b' is not a number"), "Xmin: 'a: b' ist keine Zahl."),
        (InvalidParameter("V", "'7' is not a number. Really"), "'7' is not a number. Really."),
        (InvalidParameter("V", " is not a number"), " is not a number."),
    ],
)
def test_mistake_of_a_task_is_told_or_left_as_it_is(error: InvalidParameter, german: str) -> None:
    told = tell(tell_error(error).text)
    assert told.replace("Möglich: '", "Accepted: '") == german


NUMBER: Mapping[str, Any] = {"name": "V", "dataType": "GPLinearUnit"}


@pytest.mark.parametrize(("language", "told"), [("de", "ist keine Zahl"), ("en", "is not a number")])
def test_page_tells_it_beside_the_field_and_above_the_form(language: str, told: str) -> None:
    site = Site(make_task(NUMBER))
    answer = site.ask([("f", "html"), ("lang", language), ("V.number", "<b>far")])
    assert isinstance(answer, Response)
    assert answer.body.decode().count(f"&#39;&lt;b&gt;far&#39; {told}.") == 2


def test_sentence_without_a_translation_says_that_it_is_english() -> None:
    error = InvalidParameter("V", "the moon is full")
    assert '<span lang="en">The moon is full.</span>' in Site(make_task(NUMBER)).draw_error(
        [("f", "html"), ("lang", "de"), ("V", "x")], error
    )
