"""Texts on which an expression may run away: a part that repeats, repeated for long, and then something else.

The time of a backtracking expression explodes where one text can be cut in several ways into the repeats of a
part, or where every place of a long text is tried as the beginning of a match that fails at its end. So for
every part that repeats, there is a text: what leads to the part, many repeats of it, and an end that does not
match. Where any character may stand, each of those stands that the expression names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dev.fuzz.growth import HostileText

parser, constants = re._parser, re._constants  # type: ignore[attr-defined]

_CATEGORIES = {
    constants.CATEGORY_DIGIT: "1", constants.CATEGORY_SPACE: " ", constants.CATEGORY_WORD: "a",
    constants.CATEGORY_NOT_DIGIT: "a", constants.CATEGORY_NOT_SPACE: "a", constants.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}
_MANY = 8
"""Repeats from which on a part counts as one that repeats for long."""

ENDS = ("", "\x00", "!", "=", "\\")


def pump(pattern: re.Pattern[str] | re.Pattern[bytes]) -> Iterator[HostileText]:
    """Yield the texts of an expression.

    Args:
        pattern: The expression.
    """
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(text, pattern.flags & ~re.UNICODE & ~re.ASCII)
    wild = {"a", *(chr(code) for code in _list_literals(tree) if not chr(code).isalnum())}
    pairs = {pair for each in wild for pair in {("", _sample(tree, each)), *_find_repeats(tree, "", each)}}
    for start, unit in sorted(pairs):
        for repeated in {unit, unit + unit[:1], *unit[:1], *unit[-1:]} - {""}:
            yield from (HostileText(start, repeated, end) for end in ENDS)


def _find_repeats(tree: object, before: str, wild: str) -> Iterator[tuple[str, str]]:
    """Yield what leads to each part that repeats, and an example of the part."""
    for operation, argument in tree:  # type: ignore[attr-defined]
        if operation in _REPEATS:
            _, most, body = argument
            if most > _MANY:
                yield from ((before, example) for example in _list_samples(body, wild))
            yield from _find_repeats(body, before, wild)
        for inner in _list_bodies(operation, argument):
            yield from _find_repeats(inner, before, wild)
        before += _sample([(operation, argument)], wild)


def _list_literals(tree: object) -> Iterator[int]:
    for operation, argument in tree:  # type: ignore[attr-defined]
        if operation in (constants.LITERAL, constants.NOT_LITERAL):
            yield argument
        elif operation is constants.IN:
            yield from (each[1] for each in argument if each[0] is constants.LITERAL)
        bodies = [argument[2]] if operation in _REPEATS else _list_bodies(operation, argument)
        for inner in bodies:
            yield from _list_literals(inner)


def _list_samples(body: object, wild: str) -> list[str]:
    """Return examples of a part: one of each alternative, if it has some."""
    if len(body) == 1 and body[0][0] is constants.BRANCH:  # type: ignore[arg-type, index]
        return [_sample(branch, wild) for branch in body[0][1][1]]  # type: ignore[index]
    if len(body) == 1 and body[0][0] is constants.IN:  # type: ignore[arg-type, index]
        return sorted({_choose([each]) for each in body[0][1] if each[0] is not constants.NEGATE})  # type: ignore[index]
    return [_sample(body, wild)]


def _list_bodies(operation: object, argument: object) -> list[object]:
    if operation is constants.SUBPATTERN:
        return [argument[-1]]  # type: ignore[index]
    if operation is constants.BRANCH:
        return list(argument[1])  # type: ignore[index]
    return [argument] if operation is constants.ATOMIC_GROUP else []


def _sample(tree: object, wild: str) -> str:
    """Return a text that a part matches, look-around left aside."""
    return "".join(_sample_one(operation, argument, wild) for operation, argument in tree)  # type: ignore[attr-defined]


def _sample_one(operation: object, argument: object, wild: str) -> str:
    if operation is constants.LITERAL:
        return chr(argument)  # type: ignore[arg-type]
    if operation is constants.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if operation is constants.ANY:
        return wild
    if operation is constants.IN:
        return _choose(argument)
    if operation in _REPEATS:
        least, most, body = argument  # type: ignore[misc]
        return _sample(body, wild) * (max(least, 1) if most else 0)
    return _sample(bodies[0], wild) if (bodies := _list_bodies(operation, argument)) else ""


def _choose(members: object) -> str:
    """Return a character of a set."""
    if members[0][0] is constants.NEGATE:  # type: ignore[index]
        excluded = re.compile("[" + "".join(_write(*each) for each in members[1:]) + "]")  # type: ignore[index]
        return next(character for character in "a 1-.x~é" if not excluded.match(character))
    kind, argument = members[0]  # type: ignore[index]
    if kind is constants.CATEGORY:
        return _CATEGORIES[argument]
    return chr(argument[0] if kind is constants.RANGE else argument)


def _write(kind: object, argument: object) -> str:
    if kind is constants.CATEGORY:
        return {constants.CATEGORY_SPACE: r"\s", constants.CATEGORY_DIGIT: r"\d"}.get(argument, r"\w")
    if kind is constants.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"  # type: ignore[index]
    return re.escape(chr(argument))  # type: ignore[arg-type]
