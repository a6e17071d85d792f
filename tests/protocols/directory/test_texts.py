"""Texts: every one that a page can show is there in every language, and keeps its places for values."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from gpserverless.pages.language import DEFAULT, LANGUAGES
from gpserverless.protocols.directory.frame import TEXTS
from tests.pages.page_texts import (
    find_changed_places,
    find_untranslated_words,
    module_texts,
    script_texts,
    template_texts,
    templates,
)

DIRECTORY = TEXTS.parent
OTHERS = sorted(LANGUAGES.keys() - {DEFAULT})


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    translations = orjson.loads((TEXTS / f"{language}.json").read_bytes())
    texts = {*template_texts(DIRECTORY), *module_texts(DIRECTORY)} | script_texts()
    assert len(texts) > 200
    assert sorted(texts - translations.keys()) == []
    assert all(translations.values())


@pytest.mark.parametrize("language", OTHERS)
def test_translation_has_the_same_places_for_values(language: str) -> None:
    translations = orjson.loads((TEXTS / f"{language}.json").read_bytes())
    assert find_changed_places(translations) == []


def test_pages_bring_the_texts_of_their_scripts() -> None:
    assert script_texts() <= {*orjson.loads((TEXTS / "browser.json").read_bytes())}


NAMES = {
    "JSON",
    "GeoJSON",
    "KMZ",
    "CSV",
    "Schema",
    "GPServerless",
    "ImageServer",
    "GPServer",
    "FeatureServer",
    "MapServer",
    "MB",
    "USD",
    "URL",
    "WGS",
    "itemID",
}
SYSTEMS = {"ETRS", "UTM", "zone", "CH", "LV", "OSGB", "British", "National", "Grid", "NAD", "Conus", "Albers"}
SYSTEMS |= {"Pseudo", "Mercator"}


@pytest.mark.parametrize("path", templates(DIRECTORY), ids=lambda path: path.name)
def test_template_has_no_text_that_nobody_translates(path: Path) -> None:
    """Words between tags stand in `_`, but for names."""
    assert find_untranslated_words(path, NAMES | SYSTEMS) == []
