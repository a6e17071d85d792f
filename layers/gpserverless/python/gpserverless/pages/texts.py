"""The texts of pages in other languages: a file for each, from the English text to the other one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

_PLACE = re.compile(r"\{(\w{1,40})\}", re.ASCII)


class Text(str):
    """An English text in a module, which a template shows in the language of the page."""

    __slots__ = ()


def translate(folder: Path | None, language: str, text: str, values: Mapping[str, Any]) -> str:
    """Return a text in a language, with values in the places that are named `{so}`.

    Args:
        folder: Folder with a file for each language but English, such as `de.json`; None if there is none.
        language: Code of the language.
        text: The text in English.
        values: The values of its places.
    """
    translated = read_texts(folder, language).get(text, text) if folder else text
    return _PLACE.sub(lambda place: str(values[place[1]]), translated) if values else translated


@cache
def read_texts(folder: Path, language: str) -> Mapping[str, str]:
    """Return the texts of a language by their English; of English itself there are none.

    Args:
        folder: Folder with a file for each language.
        language: Code of the language.
    """
    path = folder / f"{language}.json"
    return orjson.loads(path.read_bytes()) if path.is_file() else {}
