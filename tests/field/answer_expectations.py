"""What a case from the field expects of an answer, and what an answer lacks of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_STEP = re.compile(r"\[(\w+)=([^\]]*)\]|\[(\d+)\]|([^.\[\]]+)")


def find_at(answer: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path of an answer, such as `result:Zones.fields[name=S].length`.

    Args:
        answer: The JSON of an answer of `execute`.
        path: Members behind dots, places of lists and conditions on their elements in brackets. It begins
            with `result:` and the name of an output, whose value it goes on from.

    Raises:
        LookupError: There is nothing.
    """
    found: Any = answer
    if path.startswith("result:"):
        name, _, path = path.removeprefix("result:").partition(".")
        found = next(result["value"] for result in answer["results"] if result["paramName"] == name)
    for key, wanted, place, member in _STEP.findall(path):
        if key:
            found = next(element for element in found if str(element[key]) == wanted)
        else:
            found = found[int(place)] if place else found[member]
    return found


def width_of(features: Mapping[str, Any]) -> float:
    """Return the width that the parts of all shapes of a feature set cover together."""
    spans: list[tuple[float, float]] = []
    for feature in features["features"]:
        shape = feature["geometry"]
        for part in shape.get("rings") or shape["paths"]:
            across = [vertex[0] for vertex in part]
            spans.append((min(across), max(across)))
    return sum(right - left for left, right in spans)


def find_failures(expected: Mapping[str, Any], answer: Any, headers: Mapping[str, str]) -> list[str]:
    """Return what an answer does not have of what a case expects; empty of a right one.

    Args:
        expected: The member `expect` of a case.
        answer: The JSON of the answer; None if it is none.
        headers: Its headers by name in small letters.
    """
    if "any_of" in expected:
        each = [find_failures(one, answer, headers) for one in expected["any_of"]]
        return [] if [] in each else [failure for failures in each for failure in failures]
    return [
        failure for name, wanted in expected.items() for failure in _CHECKS[name](wanted, answer, headers)
    ]


def _check_error(wanted: bool, answer: Any, headers: Mapping[str, str]) -> Iterator[str]:
    if ("error" in answer) != wanted:
        yield f"an error was {'' if wanted else 'not '}expected: {_error_text(answer)}"


def _check_error_text(wanted: str, answer: Any, headers: Mapping[str, str]) -> Iterator[str]:
    if not re.search(wanted, _error_text(answer), re.IGNORECASE):
        yield f"no error with '{wanted}': {_error_text(answer)}"


def _check_header(wanted: Mapping[str, str], answer: Any, headers: Mapping[str, str]) -> Iterator[str]:
    for name, pattern in wanted.items():
        if not re.search(pattern, headers.get(name, ""), re.IGNORECASE):
            yield f"{name}: {headers.get(name)!r}"


def _check_values(
    fits: Callable[[Any, Any], bool],
) -> Callable[[Mapping[str, Any], Any, Mapping[str, str]], Iterator[str]]:
    def check(wanted: Mapping[str, Any], answer: Any, headers: Mapping[str, str]) -> Iterator[str]:
        for path, value in wanted.items():
            try:
                found = find_at(answer, path)
                is_right = fits(found, value)
            except (LookupError, TypeError, StopIteration) as problem:
                found, is_right = f"{type(problem).__name__} in {str(answer)[:300]}", False
            if not is_right:
                yield f"{path}: {str(found)[:300]} instead of {value}"

    return check


def _error_text(answer: Any) -> str:
    error = (answer or {}).get("error", {})
    return " ".join([str(error.get("message", "")), *error.get("details", [])])


_CHECKS: Mapping[str, Callable[[Any, Any, Mapping[str, str]], Iterator[str]]] = {
    "error": _check_error,
    "error_matches": _check_error_text,
    "header": _check_header,
    "values": _check_values(lambda found, wanted: bool(found == wanted)),
    "near": _check_values(lambda found, wanted: abs(found - wanted[0]) <= wanted[1]),
    "width": _check_values(lambda found, wanted: abs(width_of(found) - wanted[0]) <= wanted[1]),
    "least": _check_values(lambda found, wanted: bool(found >= wanted)),
}
