"""Sentences about mistakes in the language of a page, as far as they are among those that forms lead to.

Errors are in English, as the wire has them. The page finds the usual ones again by their words, and leaves
the others in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.mistakes import MISSING, TOO_LONG

_ROWS = (Text("Row {number}:"), Text("Element {number}:"))
_PROBLEMS = (
    MISSING,
    TOO_LONG,
    Text("{name}: {value} is not a number."),
    Text("{value} is not a number."),
    Text("{value} is not a whole number."),
    Text("{value} is not finite."),
    Text("{value} is too large."),
    Text("{value} is outside the range."),
    Text("{value} is not a truth value."),
    Text("{value} is not a date."),
    Text("{value} is not a text."),
    Text("{value} is not a distance."),
    Text("{value} is not a number with a unit."),
    Text("{value} is not a unit."),
    Text("{value} is not a field."),
    Text("{value} is not a file."),
    Text("{value} is not a raster."),
    Text("{value} is not a list."),
    Text("{value} is not one of the choices."),
    Text("{value} is not one of the layers."),
    Text("{value} is not a known spatial reference."),
    Text("It is not a spatial reference."),
    Text("{name} is missing."),
    Text("The text has {count} characters."),
    Text("It is given twice."),
    Text("The file is no text."),
)
_ACCEPTED = Text("Accepted:")
_FORMS = (
    Text("a whole number at least {least} and at most {most}."),
    Text("a whole number at least {least}."),
    Text("a whole number at most {most}."),
    Text("a whole number more than {least}."),
    Text("a whole number."),
    Text("a finite number at least {least} and at most {most}."),
    Text("a finite number at least {least}."),
    Text("a finite number at most {most}."),
    Text("a finite number more than {least}."),
    Text("a finite number."),
    Text("whole numbers from {least} to {most}."),
    Text("a number such as 1500 or 2.5."),
    Text("a number and a unit, such as {example}."),
    Text("four numbers: xmin, ymin, xmax, ymax."),
    Text("four numbers."),
    Text("at most {most}."),
    Text("one of: a layer, a text, a file."),
    Text("a WKID of EPSG or Esri such as 4326 or 3857, or a WKT."),
)
_PLACE = re.compile(r"\{(\w{1,40})\}", re.ASCII)


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a part of one.

    Attributes:
        text: Its text, with places for values.
        values: The values of the places, by name.
        is_known: Whether it has a translation; another one is in English.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    is_known: bool = True


def divide_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a mistake, those that are known with their values apart.

    Args:
        text: The sentences in English: first the problem, then perhaps the accepted forms.
    """
    problem, mark, accepted = text.rpartition(f" {_ACCEPTED} ")
    if not mark:
        return tuple(_divide_problem(text))
    return (
        *_divide_problem(problem),
        Sentence(_ACCEPTED),
        _find(accepted, _FORMS) or Sentence(accepted, {}, False),
    )


def _divide_problem(text: str) -> Iterator[Sentence]:
    """Yield the number of the row, if it begins with one, and the problem."""
    head, mark, rest = text.partition(": ")
    row = _find(f"{head}:", _ROWS) if mark else None
    if row and row.values["number"].isdigit():
        yield row
        text = rest
    yield _find(text, _PROBLEMS) or Sentence(text, is_known=False)


def _find(text: str, known: Sequence[Text]) -> Sentence | None:
    matches = ((each, _match(each, text)) for each in known)
    return next((Sentence(each, values) for each, values in matches if values is not None), None)


def _match(known: str, text: str) -> dict[str, str] | None:
    """Return the values of the places of a known text, None if the words between them are others."""
    first, *parts = _PLACE.split(known)
    if not text.startswith(first):
        return None
    values = {}
    rest = text.removeprefix(first)
    for name, words in zip(parts[::2], parts[1::2], strict=True):
        is_last = words == parts[-1]
        value, mark, rest = rest.rpartition(words) if is_last else rest.partition(words)
        if not value or not mark:
            return None
        values[name] = value
    return None if rest else values
