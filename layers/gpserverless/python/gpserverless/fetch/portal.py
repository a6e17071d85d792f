"""The items of a portal: added, updated and removed by forms of its REST API.

Nothing that the portal answers is shown or logged but numbers: it was sent a secret, and may repeat it.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
from gpserverless.fetch.http_response import ServerForbids
from gpserverless.fetch.policy import Policy, split_url

PORTAL_SECONDS = 5.0
"""Most seconds of one request to the portal."""

REGISTRATION_SECONDS = 20.0
"""Most seconds of all requests about one service."""

MOST_PORTAL_BYTES = 1_000_000
"""Bytes of an answer of the portal."""

_REFERER = "https://gpserverless"
"""The origin to which tokens are bound: another network address, as functions have, is none of theirs."""

_MINUTES = 5
_ADD = "addItem"
_BAD_TOKEN = (498, 499)
_ITEM_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_USER = re.compile(r"[A-Za-z0-9_.@-]{1,128}", re.ASCII)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class PortalRefusal(InvalidValue):
    """The portal has answered, and will answer likewise when it is asked again."""


class BadToken(PortalRefusal):
    """The portal does not take the password or the token, or not any more."""


@dataclass(frozen=True)
class PortalLogin:
    """The owner of items, and the secret of the owner.

    Attributes:
        user: Name of the user.
        password: The password, "" if there is a token.
        token: An API token, "" if there is a password.
    """

    user: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


class Portal:
    """A portal, asked as the owner of items for as long as one event is handled.

    Args:
        url: URL of the portal: by https, but on this machine.
        login: The owner of the items.

    Raises:
        InvalidValue: The URL is none of a portal, or the name is none of a user.
    """

    def __init__(self, url: str, login: PortalLogin) -> None:
        parts = split_url(url)
        if parts.scheme != "https" and parts.host not in _LOOPBACK:
            raise InvalidValue("the portal is asked by https alone")
        if not _USER.fullmatch(login.user):
            raise InvalidValue("the portal's user is no name of one")
        self._root = f"{url.rstrip('/')}/sharing/rest"
        self._login = login
        self._token = login.token
        # The operator names the portal: its own address may be private, and no other host is asked, ever.
        policy = Policy(allowed=(parts.authority,), private=frozenset({parts.authority}))
        self._until = time.monotonic() + REGISTRATION_SECONDS
        self._fetcher = HttpFetcher(policy, self._check)

    def close(self) -> None:
        """Close the connections."""
        self._fetcher.__exit__()

    def find(self, keyword: str) -> list[str]:
        """Return the ids of the owner's items that have a keyword among those of their type.

        Args:
            keyword: The keyword, of letters, digits and hyphens.

        Raises:
            InvalidValue: The portal does not answer, or refuses; see `PortalRefusal`.
        """
        query = f'owner:"{self._login.user}" AND typekeywords:"{keyword}"'
        answer = self._ask("search", {"q": query, "start": "1", "num": "10"})
        found = answer.get("results")
        if not isinstance(found, list):
            raise PortalRefusal("the portal's answer to a search has no results")
        known = (each for each in found if isinstance(each, dict) and keyword in _read_keywords(each))
        return [str(each["id"]) for each in known if _is_item_id(each.get("id"))]

    def add(self, properties: Mapping[str, str]) -> str:
        """Add an item of the owner's, and return its id.

        Args:
            properties: The item as fields of a form.

        Raises:
            InvalidValue: The portal does not answer, or refuses; see `PortalRefusal`.
        """
        answer = self._ask(f"content/users/{self._login.user}/{_ADD}", properties)
        if answer.get("success") is not True or not _is_item_id(answer.get("id")):
            raise PortalRefusal("the portal has added no item")
        return str(answer["id"])

    def update(self, item_id: str, properties: Mapping[str, str]) -> None:
        """Change an item of the owner's.

        Args:
            item_id: Id of the item.
            properties: The fields that change.

        Raises:
            InvalidValue: The portal does not answer, or refuses; see `PortalRefusal`.
        """
        self._change(item_id, "update", properties)

    def remove(self, item_id: str) -> None:
        """Remove an item of the owner's.

        Args:
            item_id: Id of the item.

        Raises:
            InvalidValue: The portal does not answer, or refuses; see `PortalRefusal`.
        """
        self._change(item_id, "delete", {})

    def _change(self, item_id: str, verb: str, properties: Mapping[str, str]) -> None:
        path = f"content/users/{self._login.user}/items/{item_id}/{verb}"
        if self._ask(path, properties).get("success") is not True:
            raise PortalRefusal(f"the portal has not done the {verb} of the item")

    def _ask(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Post a form with a token; with a new one if the first counts no more, and there is a password."""
        token = self._token or self._sign_in()
        try:
            return self._post(path, {**form, "token": token})
        except BadToken:
            if not self._login.password:
                raise
        return self._post(path, {**form, "token": self._sign_in()})

    def _sign_in(self) -> str:
        form = {"username": self._login.user, "password": self._login.password}
        form |= {"client": "referer", "referer": _REFERER, "expiration": str(_MINUTES)}
        try:
            token = self._post("generateToken", form).get("token")
        except (
            PortalRefusal,
            ServerForbids,
        ) as refusal:  # which nobody may try again and again: portals lock users out
            raise BadToken(f"{refusal.problem} at the sign-in") from None
        if not isinstance(token, str) or not token:
            raise BadToken("the portal has given no token")
        self._token = token
        return token

    def _post(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        body = io.BytesIO()
        request = FetchRequest(
            f"{self._root}/{path}",
            form={**form, "f": "json"},
            most_bytes=MOST_PORTAL_BYTES,
            seconds=PORTAL_SECONDS,
            referer=_REFERER,
            is_repeatable=not path.endswith(_ADD),  # a lost answer may be that of an item which was added
        )
        self._fetcher.fetch(request, body)
        try:
            answer = orjson.loads(body.getvalue())
        except orjson.JSONDecodeError:
            raise InvalidValue("the portal did not answer with JSON") from None
        if not isinstance(answer, dict):
            raise InvalidValue("the portal did not answer with an object of JSON")
        if (error := answer.get("error")) is not None:
            raise _refuse(error)
        return answer

    def _check(self) -> None:
        if time.monotonic() > self._until:
            raise InvalidValue("the portal took too long")


def _refuse(error: Any) -> PortalRefusal:
    code = error.get("code") if isinstance(error, dict) else None
    number = code if isinstance(code, int) else 0
    kind = BadToken if number in _BAD_TOKEN else PortalRefusal
    return kind(f"the portal refuses with the code {number}")


def _is_item_id(value: Any) -> bool:
    return isinstance(value, str) and _ITEM_ID.fullmatch(value) is not None


def _read_keywords(item: Mapping[str, Any]) -> list[Any]:
    words = item.get("typeKeywords")
    return words if isinstance(words, list) else []
