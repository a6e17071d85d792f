"""Texts: every one that a page can show is there in every language, and keeps its places for values."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from gpserverless.pages.language import DEFAULT, LANGUAGES
from gpserverless.protocols.directory.frame import TEXTS
from tests.protocols.directory.page_texts import TEMPLATES, module_texts, script_texts, template_texts

PLACES = re.compile(r"\{\w+\}")
OTHERS = sorted(LANGUAGES.keys() - {DEFAULT})


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    translations = orjson.loads((TEXTS / f"{language}.json").read_bytes())
    texts = {each for each in template_texts() if isinstance(each, str)} | {*module_texts()} | script_texts()
    assert len(texts) > 200
    assert sorted(texts - translations.keys()) == []
    assert all(translations.values())


@pytest.mark.parametrize("language", OTHERS)
def test_translation_has_the_same_places_for_values(language: str) -> None:
    translations = orjson.loads((TEXTS / f"{language}.json").read_bytes())
    wrong = [
        text
        for text, other in translations.items()
        if sorted(PLACES.findall(text)) != sorted(PLACES.findall(other))
    ]
    assert wrong == []


def test_pages_bring_the_texts_of_their_scripts() -> None:
    assert script_texts() <= {*orjson.loads((TEXTS / "browser.json").read_bytes())}


NAMES = {
    "JSON",
    "GeoJSON",
    "KMZ",
    "CSV",
    "Schema",
    "GPServerless",
    "GPServer",
    "MB",
    "USD",
    "URL",
    "WGS",
    "itemID",
}
SYSTEMS = {"ETRS", "UTM", "zone", "CH", "LV", "OSGB", "British", "National", "Grid", "NAD", "Conus", "Albers"}
SYSTEMS |= {"Pseudo", "Mercator"}
NO_TEXT = re.compile(
    r"<(script|svg)\b.*?</\1>|\{% block (kind|layout|attributes) %\}.*?\{% endblock %\}"
    r"|\{% macro describe.*?endmacro %\}|\{#.*?#\}",
    re.S,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_text_that_nobody_translates(path: Path) -> None:
    """Words between tags stand in `_`, but for names."""
    text = NO_TEXT.sub("", path.read_text("utf-8"))
    between = re.sub(r"<[^<>]*>", " ", re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.S))
    assert [word for word in re.findall(r"[A-Za-z]{2,}", between) if word not in NAMES | SYSTEMS] == []
