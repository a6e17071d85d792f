"""Secrets in texts that are shown: in URLs, in objects and in headers. Each is replaced by three asterisks.

    https://example.org/x?token=abc            https://example.org/x?token=***
    https://user:word@example.org/             https://***@example.org/
    {"url": "…", "token": "abc"}               {"url": "…", "token": "***"}
    Authorization: Bearer abc                  Authorization: Bearer ***

A parameter holds a secret if its name says so. A name that says so without reason costs little: the value is
shown with asterisks, and used as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

BLANK = "***"
"""Stands for a secret."""

_LEAST = 4
"""Characters of the shortest text that is looked for by itself: shorter ones are in every text."""

_NAMES = (
    "token|signature|secret|password|passwd|passphrase|pwd|credentials?|apikey|jwt|session|sessionid|keypairid"
    "|(access|account|private|subscription|functions?|shared|license|client|api|auth|encryption)key|authcode"
)
_CERTAIN_NAME = re.compile(rf".*({_NAMES})(id)?", re.ASCII)
_LIKELY_NAME = re.compile(
    ".*key|.*auth|.*authorization|bearer|code|sig|sas|sid|hdn(ts|ea|tl)|pw|.*pass|otp|hmac|ticket|policy"
    "|assertion|cookie",
    re.ASCII,
)
"""Names that hold a secret in the query of a URL, and mean something else elsewhere."""

_PARAMETER = re.compile(
    r"""(?P<before>[?&;\#]|%(?:25)*(?:3f|26)|(?<=\s)|(?<==)|(?<=%3d)|^)  # a query, or a URL as a value in one
        (?P<name>(?:(?!%(?:25)*(?:3f|26|23))[\w.%$-]){2,80}?)
        (?:=|%(?:25)*3d)""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_VALUE = re.compile(
    r"""(?:(?!%(?:25)*(?:26|23))[^\s&;\#"'<>\\(){}])+""", re.ASCII | re.IGNORECASE | re.VERBOSE
)
_USER = re.compile(
    r"""(?P<scheme>[a-z][a-z0-9+.-]{0,20}:(?:/|%2f){2})
        [^\s/?\#"'<>@]{1,300}(?:@[^\s/?\#"'<>@]*)*@""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_MEMBER = re.compile(
    r"""(?P<before>(?P<quote>\\{0,8}["'])(?P<name>[\w.$ -]{2,80})(?P=quote)\s*:\s*(?P=quote))
        (?P<value>(?:(?!(?P=quote)).)+)""",
    re.ASCII | re.VERBOSE | re.DOTALL,
)
_HEADER = re.compile(r"(?P<before>\b(?:Bearer|Basic)\s+)[\w.~+/=-]{4,}", re.ASCII | re.IGNORECASE)
_MARKS = re.compile(r"[=:@]|%3d|earer|asic", re.IGNORECASE)


def is_secret_name(name: str, in_query: bool = True) -> bool:
    """Return whether a parameter of this name holds a secret: `access_token`, `X-Amz-Signature`, `sig`.

    Args:
        name: The name, in any letter case, percent-encoded or not.
        in_query: Whether it stands in the query of a URL or in a reference.
    """
    plain = re.sub(r"[^a-z0-9]", "", unquote(unquote(name)).lower())
    return bool(_CERTAIN_NAME.fullmatch(plain) or (in_query and _LIKELY_NAME.fullmatch(plain)))


def blank_secrets(text: str) -> str:
    """Return a text with every secret in it replaced by asterisks.

    Args:
        text: A URL, or any text with URLs, JSON objects and headers in it.
    """
    if not _MARKS.search(text):
        return text
    text = _USER.sub(rf"\g<scheme>{BLANK}@", text)
    text = _blank_parameters(text)
    text = _MEMBER.sub(_blank_member, text)
    return _HEADER.sub(rf"\g<before>{BLANK}", text)


def blank_texts(value: Any) -> Any:
    """Return a JSON value with the secrets in its texts that hold URLs replaced by asterisks.

    Args:
        value: The value.
    """
    if isinstance(value, str):
        return blank_secrets(value) if "://" in value else value
    if isinstance(value, list | tuple):
        return [blank_texts(element) for element in value]
    if isinstance(value, dict):
        return {name: blank_texts(member) for name, member in value.items()}
    return value


def blank_members(value: Any, in_reference: bool = False) -> Any:
    """Return a JSON value with the secrets in its texts and under their names replaced by asterisks.

    Args:
        value: The value.
        in_reference: Whether it is a reference, in which a `key` is a secret.
    """
    if isinstance(value, str):
        return blank_secrets(value)
    if isinstance(value, list | tuple):
        return [blank_members(element, in_reference) for element in value]
    if isinstance(value, dict):
        return {name: _blank_member_of(name, member, in_reference) for name, member in value.items()}
    return value


def blank_values(text: str, secrets: Iterable[str]) -> str:
    """Return a text in which none of some secrets stands.

    Args:
        text: The text.
        secrets: The secrets; one of fewer than four characters is left alone.
    """
    for secret in secrets:
        text = text.replace(secret, BLANK) if len(secret) >= _LEAST else text
    return text


def _blank_member_of(name: Any, value: Any, in_reference: bool) -> Any:
    is_filled = isinstance(name, str) and isinstance(value, str) and value
    is_secret = is_filled and is_secret_name(name, in_query=in_reference)
    return BLANK if is_secret else blank_members(value, in_reference)


def _blank_parameters(text: str) -> str:
    """Blank the values of parameters in one pass; a value may be another URL, whose parameters count too."""
    parts, place = [], 0
    while found := _PARAMETER.search(text, place):
        parts.append(text[place : found.end()])
        place = found.end()
        if is_secret_name(found["name"], in_query=bool(found["before"])):
            value = _VALUE.match(text, place)
            parts.append(BLANK if value else "")
            place = value.end() if value else place
    return "".join((*parts, text[place:]))


def _blank_member(found: re.Match[str]) -> str:
    return f"{found['before']}{BLANK}" if is_secret_name(found["name"], in_query=False) else found[0]
