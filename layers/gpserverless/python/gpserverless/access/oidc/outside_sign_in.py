"""The sign-in at another issuer: a browser goes there and comes back with a code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from gpserverless.access.identity import Identity
from gpserverless.access.oauth.states import AuthorizeStates
from gpserverless.access.oidc.issuer import OutsideIssuer
from gpserverless.access.outside_users import OutsideUsers
from gpserverless.access.user import User, key_of_name
from gpserverless.clock import Clock
from gpserverless.errors import InvalidSignIn, InvalidValue

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutsideSignIn:
    """Signs users in whom another issuer knows.

    The state of our own sign-in page goes there and back. Verifier and nonce are derived from it by the key
    that has signed it. So nothing is stored, and the browser cannot tell the verifier.

    Attributes:
        issuer: The issuer.
        states: Reads the states of sign-in pages.
        users: The rows of its users.
        clock: The time.
    """

    issuer: OutsideIssuer
    states: AuthorizeStates
    users: OutsideUsers
    clock: Clock

    def locate(self, oauth_state: str, callback: str) -> str:
        """Return the issuer's address to which the browser goes.

        Args:
            oauth_state: The state of the sign-in page.
            callback: Address of this site to which the browser comes back.

        Raises:
            OAuthError: The state is none of this site, or too old.
            InvalidSignIn: The issuer cannot be reached; the log says why.
        """
        self.states.read(oauth_state)
        digest = hashlib.sha256(self._verifier_of(oauth_state).encode()).digest()
        values = {
            "response_type": "code",
            "client_id": self.issuer.settings.client_id,
            "redirect_uri": callback,
            "scope": "openid profile email",
            "state": oauth_state,
            "nonce": self._nonce_of(oauth_state),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        try:
            address = self.issuer.endpoint("authorization_endpoint")
        except InvalidValue as problem:
            raise _refuse(str(problem)) from None
        return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"

    def finish(self, oauth_state: str, code: str, callback: str) -> User:
        """Return the user for whom the issuer has given a code.

        Args:
            oauth_state: The state that came back.
            code: The code.
            callback: Address to which the browser has come back.

        Raises:
            OAuthError: The state is none of this site, or too old.
            InvalidSignIn: The issuer does not know the user, or we do not want the user; the log says why.
        """
        self.states.read(oauth_state)
        try:
            claims = self.issuer.redeem(code, callback, self._verifier_of(oauth_state))
        except InvalidValue as problem:
            raise _refuse(str(problem)) from None
        self._check(claims, self._nonce_of(oauth_state))
        user = self.users.enter(self._identify(claims), self.clock.now())
        if user is None or user.disabled:
            raise _refuse("the user is disabled, or the name is another user's")
        return user

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        """Raise unless an ID token is for this sign-in (OpenID Connect Core 1.0, section 3.1.3.7)."""
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        client = self.issuer.settings.client_id
        wrong = {
            "iss": claims.get("iss") != self.issuer.settings.issuer,
            "aud": client not in audiences,
            "azp": claims.get("azp", client) != client or ("azp" not in claims and len(audiences) > 1),
            "exp": not _is_number(claims.get("exp")) or claims["exp"] * 1000 <= self.clock.now(),
            "nonce": not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()),
            "sub": not isinstance(claims.get("sub"), str) or not claims["sub"],
        }
        if any(wrong.values()):
            raise _refuse(f"wrong claims: {', '.join(name for name in wrong if wrong[name])}")

    def _identify(self, claims: Mapping[str, Any]) -> Identity:
        """Return the user by the first name that users can have here; what identifies it is the subject."""
        email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
        names = (str(claims.get("preferred_username", "")), email, claims["sub"])
        name = next((each for each in names if key_of_name(each)), None)
        if name is None:
            raise _refuse("no name of the user is one that users can have here")
        groups = claims.get(self.issuer.settings.groups_claim, ())
        return Identity(
            name,
            f"{self.issuer.settings.issuer} {claims['sub']}",
            frozenset(map(str, groups)) if isinstance(groups, list) else frozenset(),
            str(claims.get("name", "")),
            email,
        )

    def _verifier_of(self, oauth_state: str) -> str:
        return self.states.signer.derive(oauth_state, "verifier")

    def _nonce_of(self, oauth_state: str) -> str:
        return self.states.signer.derive(oauth_state, "nonce")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _refuse(reason: str) -> InvalidSignIn:
    logger.warning("sign-in at another issuer refused", extra={"reason": reason})
    return InvalidSignIn()
