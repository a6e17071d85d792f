"""The language of a page: the one that its reader has chosen, else one that the browser asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gpserverless.errors import RequestError
from gpserverless.http.request import Request

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""The languages of the pages by their code, each with its own name."""

FIELD = "lang"
"""Field of a request with the code of a language."""

COOKIE = "lang"
"""Cookie with the language that has been chosen last."""

DEFAULT = "en"
_MOST_ASKED = 20
_YEAR = 31_536_000


def find_language(request: Request | None) -> str:
    """Return the code of the language of the page that answers a request.

    Args:
        request: The request; None if it could not be read.
    """
    if request is None:
        return DEFAULT
    asked = (find_choice(request), *_kept_languages(request), *_accepted_languages(request))
    return next((code for code in asked if code in LANGUAGES), DEFAULT)


def find_choice(request: Request) -> str:
    """Return the language that the reader chooses with this request, "" for none.

    Args:
        request: The request.
    """
    try:
        chosen = [code.strip().lower() for code in request.query.all(FIELD)[-1:]]
    except RequestError:  # it is no text; the page says so, in some language
        return ""
    return next((code for code in chosen if code in LANGUAGES), "")


def keep_choice(code: str, site: str) -> str:
    """Return the header `Set-Cookie` with which a browser keeps a choice for the pages of the site.

    Args:
        code: Code of the language.
        site: Path of the site.
    """
    return f"{COOKIE}={code}; Path={site or '/'}; Max-Age={_YEAR}; HttpOnly; SameSite=Lax"


def _kept_languages(request: Request) -> Iterator[str]:
    pairs = (cookie.strip().partition("=") for cookie in request.cookies)
    return (code.strip() for name, _, code in pairs if name == COOKIE)


def _accepted_languages(request: Request) -> list[str]:
    """Return the codes of `Accept-Language`, those with the highest weight first (RFC 9110, 12.5.4)."""
    ranges = request.headers.get("accept-language", "").lower().split(",")[:_MOST_ASKED]
    parts = [each.partition(";") for each in ranges]
    weighed = [(_read_weight(weight), tag.strip().partition("-")[0]) for tag, _, weight in parts]
    return [code for weight, code in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]


def _read_weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(number[:5])
    except ValueError:
        return 0.0
