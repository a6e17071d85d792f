"""The frame of every page: the way to it, its languages, the caller, and the texts of its scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson

from gpserverless.http.credentials import COOKIE
from gpserverless.http.request import Request
from gpserverless.http.route import Route
from gpserverless.pages.language import LANGUAGES
from gpserverless.pages.texts import read_texts
from gpserverless.protocols.directory.layer_links import find_crumbs
from gpserverless.protocols.directory.links import Crumb, Links

TEXTS = Path(__file__).with_name("texts")
"""Folder of the texts."""


@dataclass(frozen=True)
class Frame:
    """The frame of a page.

    Attributes:
        language: Code of the language.
        crumbs: The way to the page.
        here: Path of the page with its query, without format, token and language.
        user: Name of the caller, "" if nobody has signed in or it is not known.
        may_sign_out: Whether the browser has a sign-in that can be ended.
    """

    language: str
    crumbs: list[Crumb]
    here: str
    user: str
    may_sign_out: bool

    @classmethod
    def of(cls, links: Links, request: Request | None, route: Route | None, language: str) -> Frame:
        """Return the frame of the page of a request.

        Args:
            links: Paths of pages.
            request: The request; None if it could not be read.
            route: Its route; None if there is none.
            language: Code of the language.
        """
        cookies = request.cookies if request else ()
        has_cookie = any(each.strip().startswith(f"{COOKIE}=") for each in cookies)
        return cls(
            language,
            find_crumbs(links, route),
            links.home if request is None else links.own(request),
            request.caller.name if request else "",
            has_cookie,
        )

    def url(self, **fields: str) -> str:
        """Return the URL of the page with other fields.

        Args:
            **fields: Fields to add.
        """
        return f"{self.here}{'&' if '?' in self.here else '?'}{urlencode(fields)}"

    @property
    def path(self) -> str:
        """Path of the page, without its query."""
        return self.here.partition("?")[0]

    @property
    def languages(self) -> Mapping[str, tuple[str, str]]:
        """The name of each language and the URL of the page in it, by code."""
        return {code: (name, self.url(lang=code)) for code, name in LANGUAGES.items()}

    @property
    def sign_in(self) -> str:
        """The query of the sign-in page, from which it leads back."""
        return urlencode({"next": self.here})

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts of the scripts by their English."""
        translations = read_texts(TEXTS, self.language)
        return {key: translations[key] for key in _script_texts() if key in translations}


@cache
def _script_texts() -> tuple[str, ...]:
    path = TEXTS / "browser.json"
    keys: Any = orjson.loads(path.read_bytes())
    return tuple(keys)
