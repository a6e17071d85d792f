"""Tokens: who they are for, until when, and where they count."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.access.binding import Binding
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.signer import Signer
from gpserverless.access.signing_keys import SigningKeys
from gpserverless.access.user import User
from gpserverless.caller import Role
from gpserverless.clock import Clock

_REQUIRED = ("sub", "role", "iat", "jti")


@dataclass(frozen=True)
class SignInRecord:
    """The sign-in that a token stems from, however often it was exchanged or refreshed.

    Attributes:
        id: Id, `jti` in tokens: a revocation ends all tokens of it.
        user: Name of the user in small letters.
        role: Role of the user then; no token of it ever does more.
        at: Time in ms since 1970 UTC.
    """

    id: str
    user: str
    role: Role
    at: int


@dataclass(frozen=True)
class Claims:
    """The claims of a token.

    Attributes:
        sign_in: The sign-in that it stems from.
        expires: End of its life in ms since 1970 UTC.
        binding: The page or the address that it is bound to.
    """

    sign_in: SignInRecord
    expires: int
    binding: Binding | None = None


class Tokens:
    """Makes and reads the tokens of a site.

    Args:
        keys: The keys of the site.
        site: Name of the site.
        clock: The time.
    """

    def __init__(self, keys: SigningKeys, site: str, clock: Clock) -> None:
        self._signer = Signer(keys, site, clock)

    def issue(self, user: User, claims: Claims) -> IssuedToken:
        """Return a token.

        Args:
            user: Its user.
            claims: Its claims.
        """
        written = write_sign_in(claims.sign_in)
        if claims.binding is not None:
            written["bind"] = {claims.binding.kind: claims.binding.value}
        token = self._signer.sign(written, claims.expires)
        return IssuedToken(token, claims.expires // 1000 * 1000, user)

    def read(self, token: str) -> Claims | None:
        """Return the claims of a token; None if it counts no more, or never did.

        Args:
            token: Any text, however long.
        """
        claims = self._signer.read(token, _REQUIRED)
        if claims is None:
            return None
        bindings = [Binding(kind, value) for kind, value in claims.get("bind", {}).items()]
        return Claims(read_sign_in(claims), claims["exp"] * 1000, bindings[0] if bindings else None)


def begin_sign_in(user: User, now: int) -> SignInRecord:
    """Return the record of a sign-in.

    Args:
        user: The user.
        now: Time in ms since 1970 UTC. The clock that ended older tokens may be ahead of it.
    """
    return SignInRecord(secrets.token_hex(8), user.key, user.role, max(now, user.not_before))


def write_sign_in(sign_in: SignInRecord) -> dict[str, Any]:
    """Return a sign-in as claims. Its time has milliseconds, as JSON Web Tokens may.

    Args:
        sign_in: The sign-in.
    """
    return {
        "sub": sign_in.user,
        "role": sign_in.role.name.lower(),
        "iat": sign_in.at / 1000,
        "jti": sign_in.id,
    }


def read_sign_in(claims: Mapping[str, Any]) -> SignInRecord:
    """Return the sign-in of verified claims.

    Args:
        claims: The claims.
    """
    return SignInRecord(
        claims["jti"], claims["sub"], Role[claims["role"].upper()], round(claims["iat"] * 1000)
    )
