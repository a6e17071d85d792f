"""Where clauses as tokens, checked before a parser sees them.

The parser tries a bracket behind the name of a type as several things, and so it does with every bracket
inside: its time doubles with each. So a parenthesis stands behind a mark, an operator or a known function
alone, there is no other bracket, and the tokens are counted.
"""

from __future__ import annotations

import re

from gpserverless.errors import InvalidValue

MAX_LENGTH = 10_000
"""Most characters of one expression."""

MAX_TOKENS = 2500
"""Most tokens of one expression: enough for a list of a thousand numbers."""

MAX_PARENTHESES = 32
"""Most parentheses inside each other."""

MAX_DIGITS = 400
"""Most characters of a number: a float needs about 340 when it is written without exponent."""

ACCEPTED = (
    "a condition such as \"POP > 1000 AND NAME LIKE 'A%'\", with AND, OR, NOT, =, <>, <, <=, >, >=, BETWEEN, "
    "IN, LIKE, IS NULL, + - * / %, ||, DATE '…', TIMESTAMP '…', CURRENT_TIMESTAMP, CURRENT_DATE, "
    "INTERVAL '7' DAY, EXTRACT, UPPER, LOWER, TRIM, SUBSTRING, POSITION, CONCAT, CHAR_LENGTH, ABS, SIGN, "
    "ROUND, TRUNCATE, FLOOR, CEILING, MOD, POWER, SQRT, EXP, LN, LOG, LOG10, SIN, COS, TAN, COALESCE, NULLIF "
    "and CAST(… AS FLOAT) or AS VARCHAR"
)

ACCEPTED_VALUE = (
    "a value such as POP / AREA or UPPER(NAME) || '!', with names of fields, numbers, 'texts', + - * / %, "
    "||, CASE WHEN … THEN … ELSE … END, the functions of conditions such as UPPER, SUBSTRING, ROUND, "
    "COALESCE and CAST(… AS VARCHAR), DATE '…', TIMESTAMP '…', and conditions"
)

_FUNCTIONS = frozenset(
    {"UPPER", "UCASE", "LOWER", "LCASE", "TRIM", "CHAR_LENGTH", "CHARACTER_LENGTH", "LENGTH", "LEN"}
    | {"SUBSTRING", "POSITION", "CONCAT", "EXTRACT", "COALESCE", "NULLIF", "CAST"}
    | {"ABS", "SIGN", "ROUND", "TRUNCATE", "FLOOR", "CEIL", "CEILING", "MOD", "POWER", "SQRT", "EXP", "LN"}
    | {"LOG", "LOG10", "SIN", "COS", "TAN", "CURRENT_TIMESTAMP", "CURRENT_DATE"}
)
_OPERATORS = frozenset({"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "ESCAPE", "IS"})
_TOKEN = re.compile(
    r"""(?P<blank>\s++)
    | (?P<text>'[^']*+'|"[^"]*+")
    | (?P<open>['"])
    | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?(?!\w))
    | (?P<word>[^\W\d]\w*+)
    | (?P<refused>--|/\*)
    | (?P<mark><>|<=|>=|!=|\|\||[-+*/%=<>(),.])
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


CONDITION_WORDS = _FUNCTIONS | _OPERATORS
"""Words that may stand in front of a parenthesis in a condition."""

VALUE_WORDS = CONDITION_WORDS | {"CASE", "WHEN", "THEN", "ELSE"}
"""The same in an expression that computes a value."""


def scan(text: str, words: frozenset[str] = CONDITION_WORDS, accepted: str = ACCEPTED) -> None:
    """Raise if a text is too long, has too many tokens or parentheses, or one that no expression has.

    Args:
        text: The text of a condition, or of an expression that computes a value.
        words: Words that may stand in front of a parenthesis.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: It is none; the place is named.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidValue(f"the expression has {len(text):,} characters", f"at most {MAX_LENGTH:,}")
    number = depth = 0
    name, begin = "", 0
    for token in _TOKEN.finditer(text):
        kind, found, place = token.lastgroup, token[0], token.start() + 1
        if kind == "blank":
            continue
        number += 1
        if number > MAX_TOKENS:
            raise InvalidValue(
                f"the expression has too many parts at character {place}", f"at most {MAX_TOKENS:,}"
            )
        _check_token(kind, found, place, accepted)
        depth += (found == "(") - (found == ")")
        if found == "(":
            _check_parenthesis(depth, place)
            _check_function(name, begin, words, accepted)
        name, begin = found if kind in ("word", "text") else "", place


def names_clock(text: str) -> bool:
    """Return whether a text may be an expression that uses the present.

    Args:
        text: The expression.
    """
    return "CURRENT_" in text.upper()


def list_words(text: str) -> list[str]:
    """Return the words of an expression outside quotation marks, in capital letters.

    Args:
        text: The expression.
    """
    return [token[0].upper() for token in _TOKEN.finditer(text) if token.lastgroup == "word"]


def scan_tokens(text: str) -> list[str]:
    """Return the parts of an expression, in capital letters, with a quotation mark for each quoted one.

    Args:
        text: The expression.
    """
    found = (token for token in _TOKEN.finditer(text) if token.lastgroup != "blank")
    return [token[0][0] if token.lastgroup == "text" else token[0].upper() for token in found]


def _check_token(kind: str | None, found: str, place: int, accepted: str) -> None:
    if kind == "open":
        raise InvalidValue(f"the quotation mark at character {place} is never closed", accepted)
    if kind in ("refused", "other"):
        noun = "a condition" if accepted is ACCEPTED else "an expression"
        raise InvalidValue(f"'{found}' at character {place} does not belong in {noun}", accepted)
    if kind == "number" and len(found) > MAX_DIGITS:
        raise InvalidValue(
            f"the number at character {place} has {len(found):,} characters", f"at most {MAX_DIGITS}"
        )


def _check_parenthesis(depth: int, place: int) -> None:
    if depth > MAX_PARENTHESES:
        raise InvalidValue(
            f"parentheses are nested too deeply at character {place}", f"at most {MAX_PARENTHESES} levels"
        )


def _check_function(name: str, place: int, words: frozenset[str], accepted: str) -> None:
    """Raise if a name in front of a parenthesis is none of the known ones."""
    if name and name.upper() not in words:
        problem = f"the function '{name[:40]}' at character {place} is not understood here"
        raise InvalidValue(problem, accepted)
