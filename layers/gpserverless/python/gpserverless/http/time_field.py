"""The field `time` of a request: an instant, or a span that may be open at either end."""

from __future__ import annotations

from gpserverless.errors import InvalidParameter
from gpserverless.featurelayers.layer_time import TimeSpan
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted

NAME = "time"
RELATION = "timeRelation"

ACCEPTED = (
    "milliseconds since 1970-01-01 UTC: an instant such as 1764460800000, or two of them with a comma, "
    "of which one may be null"
)

_LATEST = 2**53
_OVERLAPS = "esriTimeRelationOverlaps"
_NULL = "null"


def read_time_span(text: str) -> TimeSpan | None:
    """Return the span of time of a field; None if it says nothing.

    Args:
        text: The field, "" if it is not given.

    Raises:
        InvalidParameter: It is no span of time.
    """
    if not text.strip():
        return None
    words = [word.strip().lower() for word in text.split(",", 2)]
    if words in ([_NULL], [_NULL, _NULL]):
        return None
    if len(words) > 2:
        raise InvalidParameter(NAME, f"{quoted(text)} has more than two ends", ACCEPTED)
    start, end = (_read_end(word, text) for word in (words[0], words[-1]))
    if start is not None and end is not None and start > end:
        raise InvalidParameter(NAME, f"{quoted(text)} ends before it starts", ACCEPTED)
    return TimeSpan(start, end)


def check_time_relation(text: str) -> None:
    """Raise for another relation of the times of a row to that of a request than that they overlap.

    Args:
        text: The field, "" if it is not given.

    Raises:
        InvalidParameter: It is another one.
    """
    if text.strip().lower() not in ("", _NULL, _OVERLAPS.lower()):
        raise InvalidParameter(RELATION, f"{quoted(text)} is not supported", _OVERLAPS)


def _read_end(word: str, text: str) -> int | None:
    if word == _NULL:
        return None
    number = read_whole(word)
    if number is None or abs(number) > _LATEST:
        raise InvalidParameter(NAME, f"{quoted(text)} is no time", ACCEPTED)
    return number
