"""Rows of texts in one parameter: fields with a statistic, a property or a direction each."""

from __future__ import annotations

import json

from gpserverless.errors import InvalidParameter

Row = tuple[str, ...]


def read_rows(text: str | None, parameter: str, accepted: str) -> list[Row]:
    """Read rows of texts.

    Args:
        text: `[["POP", "SUM"], …]`, `["POP SUM", …]`, `["POP", "SUM"]` or `POP SUM;POP MEAN`; None or "" for
            no rows.
        parameter: Name of the parameter, for the error.
        accepted: An example, for the error.

    Raises:
        InvalidParameter: The text has another form.
    """
    if text is None or not text.strip():
        return []
    entries = _read_entries(text, parameter, accepted)
    rows = [_read_row(entry, parameter, accepted) for entry in entries if entry not in (None, "", [])]
    return list(dict.fromkeys(rows))


def _read_entries(text: str, parameter: str, accepted: str) -> list[object]:
    if not text.lstrip().startswith("["):
        return [entry.strip() for entry in text.split(";")]
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter(parameter, "the JSON is malformed", accepted) from error
    if not isinstance(entries, list):
        raise InvalidParameter(parameter, "it is not a list", accepted)
    is_one_row = len(entries) > 1 and all(isinstance(e, str) and not set(" ;") & set(e) for e in entries)
    return [entries] if is_one_row else entries


def _read_row(entry: object, parameter: str, accepted: str) -> Row:
    if isinstance(entry, str):
        entry = entry.strip().rsplit(maxsplit=1)
    if not isinstance(entry, list) or not all(isinstance(cell, str) for cell in entry):
        raise InvalidParameter(parameter, "a row is not a list of texts", accepted)
    return tuple(cell.strip().strip("'\"") for cell in entry)


def read_pairs(text: str | None, parameter: str, accepted: str) -> list[tuple[str, str]]:
    """Read rows of a field and one more text.

    Args:
        text: As for `read_rows`.
        parameter: Name of the parameter, for the error.
        accepted: An example, for the error.

    Raises:
        InvalidParameter: The text has another form, or a row has not two cells.
    """
    rows = read_rows(text, parameter, accepted)
    for row in rows:
        if len(row) != 2:
            raise InvalidParameter(parameter, "a row has not two texts", accepted)
    return [(row[0], row[1]) for row in rows]
