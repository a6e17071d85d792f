"""Literals of Python and JavaScript that stand for JSON: `str()` of a dict or a list, and bare keys.

    {'distance': np.float64(5.0), 'units': None}      the ArcGIS API for Python
    {outSR: 3857}                                     the documentation's example of `context`

The text is cut into tokens by an expression that never goes back, and each token is read once. Python's own
parser would read the whole language, in a time that nobody promises.
"""

from __future__ import annotations

import re
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.values.json_members import MAX_DEPTH

MAX_LITERAL = 100_000
"""Characters of the longest literal; no client sends a longer one."""

_TOKEN = re.compile(
    r"""\s*+(?:
        [uU]?(?P<text>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
        | (?P<number>(?:0|[1-9][0-9]{0,399}+)(?:\.[0-9]{0,399}+)?(?:[eE][-+]?[0-9]{1,3}+)?(?![\w.])
            | \.[0-9]{1,399}+(?:[eE][-+]?[0-9]{1,3}+)?(?![\w.]))
        | (?P<word>[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)?+)
        | (?P<mark>[\[\](){},:+-])
    )\s*+""",
    re.DOTALL | re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_TRUTH_OF_NUMPY = re.compile(r"(?:np|numpy)\.(True|False)_")
_TYPE_OF_NUMPY = re.compile(r"(?:np|numpy)\.(?:u?int(?:8|16|32|64)|float(?:16|32|64)|str_|bool_?)")
_NO_NUMBER = re.compile("nan|NaN|inf|Infinity")
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"} | {c: c for c in "\\/'\""}


def read_literal(text: str) -> Any:
    """Return the JSON value of a Python list, tuple or dict, or of JSON with bare keys; None for other texts.

    Texts side by side (`["a" "b"]`) are refused: Python makes one of two, which is never meant.

    Args:
        text: The text of the literal.

    Raises:
        InvalidValue: It is nested too deeply, holds a name twice, or a word that means no number.
    """
    if len(text) > MAX_LITERAL or not text.lstrip().startswith(tuple(_CLOSING)):
        return None
    try:
        return _Reader(text).read_all()
    except _NoLiteral:
        return None


class _NoLiteral(ValueError):
    """The text is not a literal."""


class _Reader:
    """Reads one text, token by token.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._depth = 0
        self._advance()

    def read_all(self) -> Any:
        """Return the value of the whole text."""
        value = self._read_value()
        if self._token is not None:
            raise _NoLiteral
        return value

    def _advance(self) -> None:
        """Go on to the next token; None at the end."""
        self._token = _TOKEN.match(self._text, self._place)
        if self._token is not None:
            self._place = self._token.end()
        elif self._place < len(self._text):
            raise _NoLiteral

    def _get(self, kind: str) -> str | None:
        return None if self._token is None else self._token[kind]

    def _take(self, mark: str) -> bool:
        """Return whether the token is a mark, and go on to the next if so."""
        found = self._get("mark") == mark
        if found:
            self._advance()
        return found

    def _require(self, mark: str) -> None:
        if not self._take(mark):
            raise _NoLiteral

    def _read_value(self) -> Any:
        mark = self._get("mark")
        if mark in _CLOSING:
            return self._read_nested(mark)
        word = self._get("word")
        if word is None or not _TYPE_OF_NUMPY.fullmatch(word):
            return self._read_scalar()
        self._advance()
        self._require("(")
        value = self._read_scalar()
        self._require(")")
        return value

    def _read_scalar(self) -> Any:
        sign = "-" if self._take("-") else ""
        is_signed = bool(sign) or self._take("+")
        text, number, word = self._get("text"), self._get("number"), self._get("word")
        self._advance()
        if number is not None:
            return -_to_number(number) if sign else _to_number(number)
        if word is not None and _NO_NUMBER.fullmatch(word):
            raise InvalidValue(f"{sign}{word} is not a number", "a finite number")
        if is_signed:
            raise _NoLiteral
        return _unescape(text) if text is not None else _read_word(word)

    def _read_nested(self, opening: str) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise InvalidValue("it is nested too deeply", f"at most {MAX_DEPTH} levels of lists and objects")
        self._advance()
        value = self._read_members() if opening == "{" else self._read_items(_CLOSING[opening])
        self._depth -= 1
        return value

    def _read_items(self, closing: str) -> Any:
        items: list[Any] = []
        while not self._take(closing):
            items.append(self._read_value())
            if not self._take(","):
                self._require(closing)
                return items[0] if closing == ")" and len(items) == 1 else items
        return items

    def _read_members(self) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not self._take("}"):
            key = self._read_key()
            self._require(":")
            if key in members:
                raise InvalidValue("an object in it holds a name twice", "each name once")
            members[key] = self._read_value()
            if not self._take(","):
                self._require("}")
                break
        return members

    def _read_key(self) -> str:
        text, word = self._get("text"), self._get("word")
        if text is None and (word is None or word in _WORDS or "." in word):
            raise _NoLiteral
        self._advance()
        return _unescape(text) if text is not None else str(word)


def _read_word(word: str | None) -> bool | None:
    if word is not None and word in _WORDS:
        return _WORDS[word]
    truth = _TRUTH_OF_NUMPY.fullmatch(word or "")
    if truth is None:
        raise _NoLiteral
    return truth[1] == "True"


def _to_number(text: str) -> int | float:
    if text.isdigit():
        return int(text)
    number = float(text)
    if number == float("inf"):
        raise _NoLiteral
    return number


def _unescape(token: str) -> str:
    """Return the text of a token with its quotation marks."""
    inner = token[1:-1]
    if "\n" in inner:
        raise _NoLiteral
    if "\\" not in inner:
        return inner
    try:
        text = _ESCAPE.sub(_unescape_one, inner)
        return text.encode("utf-16", "surrogatepass").decode("utf-16")  # JSON writes some characters as two
    except (KeyError, ValueError):
        raise _NoLiteral from None


def _unescape_one(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return _ESCAPED[match[4]] if code is None else chr(int(code, 16))
