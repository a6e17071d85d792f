"""Signed texts: JSON Web Tokens, made and read by PyJWT with HS256 alone."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

from gpserverless.access.signing_keys import SigningKeys
from gpserverless.clock import Clock
from gpserverless.errors import InvalidToken

MOST_CHARACTERS = 4096
"""Length of a token; a longer one is not looked at."""

_ALGORITHM = "HS256"
# Three parts in the alphabet of base64url, the last of 32 bytes. The others are signed as they are written.
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")


class Signer:
    """Signs claims for one audience, and reads them.

    A text that was signed for another audience is none: a refresh token is no token.

    Args:
        keys: The keys of the site.
        audience: What the texts are for, and the site.
        clock: The time.
    """

    def __init__(self, keys: SigningKeys, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._audience = audience
        self._clock = clock

    def sign(self, claims: Mapping[str, Any], ends: int) -> str:
        """Return claims as a signed text.

        Args:
            claims: The claims.
            ends: Time in ms since 1970 UTC at which it ends, cut to the second.
        """
        import jwt  # a request without a token needs none of it

        key = self._keys.current()
        payload = {**claims, "exp": ends // 1000, "aud": self._audience}
        return jwt.encode(payload, key.secret, _ALGORITHM, headers={"kid": key.id})

    def read(self, text: str, required: Sequence[str]) -> Mapping[str, Any] | None:
        """Return the claims of a signed text; None if it counts no more, or never did.

        Args:
            text: Any text, however long.
            required: Claims without which it does not count.
        """
        if len(text) > MOST_CHARACTERS or not _FORM.fullmatch(text) or not _is_canonical(text[-43:]):
            return None
        claims = self._verify(text, required)
        if claims is None or claims["exp"] * 1000 <= self._clock.now():
            return None
        return claims

    def derive(self, text: str, purpose: str) -> str:
        """Return a secret that belongs to a signed text, which nobody else can tell from it.

        Args:
            text: A text that `read` has accepted.
            purpose: What the secret is for.
        """
        import jwt

        key = self._keys.find(str(jwt.get_unverified_header(text)["kid"]))
        if key is None:
            raise InvalidToken
        digest = hmac.digest(key.secret, f"{purpose} {text}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def _verify(self, text: str, required: Sequence[str]) -> Mapping[str, Any] | None:
        import jwt

        try:
            key = self._keys.find(str(jwt.get_unverified_header(text).get("kid")))
            if key is None:
                return None
            return jwt.decode(
                text,
                key.secret,
                algorithms=[_ALGORITHM],
                audience=self._audience,
                # The end is compared by the caller, with the clock of the site.
                options={"require": ["exp", "aud", *required], "verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, ValueError, RecursionError):
            return None


def _is_canonical(signature: str) -> bool:
    """Tell whether no other letters mean the same signature: the last one has two bits too many."""
    return base64.urlsafe_b64encode(base64.urlsafe_b64decode(f"{signature}=")).decode() == f"{signature}="
