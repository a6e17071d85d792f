"""The JSON of the portal, with the keys that clients read. See `docs/reference/portal.md`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gpserverless.access.user import User
from gpserverless.caller import Role
from gpserverless.protocols.sharing.urls import is_secure, portal_url

if TYPE_CHECKING:  # the directory gives out no tokens
    from gpserverless.access.issued_token import IssuedToken
    from gpserverless.access.oauth.grants import GrantedTokens

Document = dict[str, Any]

VERSION = "2025.1"
"""The version of the portal API whose resources these are: `currentVersion` is a text here."""

NAME = "GPServerless"

_ROLES: Mapping[Role, str] = {
    Role.VIEWER: "org_user",
    Role.USER: "org_user",
    Role.PUBLISHER: "org_publisher",
    Role.ADMINISTRATOR: "org_admin",
}
_PRIVILEGES: tuple[tuple[Role, str], ...] = (
    (Role.USER, "premium:user:spatialanalysis"),
    (Role.PUBLISHER, "portal:user:createItem"),
    (Role.PUBLISHER, "portal:publisher:publishFeatures"),
    (Role.ADMINISTRATOR, "portal:admin:viewUsers"),
    (Role.ADMINISTRATOR, "portal:admin:updateItems"),
)
"""Privileges from a role on. Clients take a user with one that has ":admin:" in it for an administrator."""


def portal_id(root: str) -> str:
    """Return the id of the portal: 16 hexadecimal digits that are the same as long as its URL is.

    Args:
        root: Public URL of the site.
    """
    return _digest(root.lower())[:16].upper()


def _digest(text: str) -> str:
    import hashlib  # OpenSSL, which most requests for a description have no need of

    return hashlib.sha256(text.encode()).hexdigest()


def portal() -> Document:
    """Return the root of the portal."""
    return {"currentVersion": VERSION}


def info(root: str) -> Document:
    """Return where tokens come from; clients read it before anything else.

    Args:
        root: Public URL of the site.
    """
    return {
        "owningSystemUrl": root,
        "authInfo": {
            "tokenServicesUrl": f"{portal_url(root)}/generateToken",
            "isTokenBasedSecurity": True,
        },
    }


def portal_self(root: str, user: User | None) -> Document:
    """Return the portal itself, as a user sees it.

    Args:
        root: Public URL of the site.
        user: The user; None for anybody.
    """
    place = urlsplit(root)
    document: Document = {
        "id": portal_id(root),
        "name": NAME,
        "portalName": NAME,
        "portalHostname": place.netloc + place.path,
        "portalMode": "singletenant",
        "isPortal": True,
        "currentVersion": VERSION,
        "allSSL": is_secure(root),
        "supportsOAuth": True,
        "access": "public",
        "culture": "en",
        "helperServices": {},
        "authorizedCrossOriginDomains": [],
    }
    if user is not None:
        document["user"] = own_user(user, root)
    return document


def roles() -> Document:
    """Return the roles beside the built-in ones: there are none."""
    return {"total": 0, "start": 1, "num": 0, "nextStart": -1, "roles": []}


def own_user(user: User, root: str) -> Document:
    """Return a user as the user itself and administrators see it.

    Args:
        user: The user.
        root: Public URL of the site.
    """
    return {
        "username": user.name,
        "fullName": user.full_name or user.name,
        "email": user.email or None,
        "role": _ROLES[user.role],
        "level": "1" if user.role is Role.VIEWER else "2",
        "privileges": [privilege for role, privilege in _PRIVILEGES if user.role >= role],
        "groups": [_group(name, root) for name in sorted(user.groups)],
        "orgId": portal_id(root),
        "access": "private",
        "disabled": user.disabled,
        "created": user.created,
        "modified": user.created,
    }


def _group(name: str, root: str) -> Document:
    return {
        "id": _digest(f"{root.lower()} {name}")[:32],
        "title": name,
        "access": "org",
        "tags": [],
        "isInvitationOnly": True,
    }


def token(issued: IssuedToken, root: str) -> Document:
    """Return a token for a password or for another token.

    Args:
        issued: The token.
        root: Public URL of the site.
    """
    return {"token": issued.token, "expires": issued.expires, "ssl": is_secure(root)}


def granted(tokens: GrantedTokens, root: str, now: int) -> Document:
    """Return the tokens for a grant of OAuth (RFC 6749, 5.1, with the words that clients of portals read).

    Args:
        tokens: The tokens.
        root: Public URL of the site.
        now: Time in ms since 1970 UTC, from which lives in seconds count.
    """
    document: Document = {
        "access_token": tokens.access.token,
        "expires_in": _seconds(tokens.access.expires - now),
        "username": tokens.access.user.name,
        "ssl": is_secure(root),
    }
    if tokens.refresh_token:
        document["refresh_token"] = tokens.refresh_token
        document["refresh_token_expires_in"] = _seconds(tokens.refresh_expires - now)
    return document


def _seconds(milliseconds: int) -> int:
    return max(milliseconds // 1000, 0)


def oauth_error(code: str, description: str) -> Document:
    """Return the error of a grant: the envelope of the protocol, with the words of RFC 6749.

    Args:
        code: The word of RFC 6749: "invalid_grant".
        description: A sentence for the application's author.
    """
    words = {"error": code, "error_description": description}
    return {"error": {"code": 400, **words, "message": description, "details": []}}
