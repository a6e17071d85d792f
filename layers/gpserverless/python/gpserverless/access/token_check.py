"""The check of a token or a key against the users of the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.access.api_keys import PREFIX, ApiKey
from gpserverless.access.credentials import Credentials
from gpserverless.access.tokens import Claims, SignInRecord, Tokens
from gpserverless.access.user import User
from gpserverless.caller import Caller
from gpserverless.clock import Clock
from gpserverless.errors import InvalidToken


@dataclass(frozen=True)
class TokenCheck:
    """Checks tokens and keys. The three readers may answer from a cache.

    Attributes:
        tokens: Reads tokens.
        find_user: Returns the user of a name in small letters.
        is_denied: Tells whether the sign-in of an id was ended.
        find_api_key: Returns an API key.
        clock: The time.
    """

    tokens: Tokens
    find_user: Callable[[str], User | None]
    is_denied: Callable[[str], bool]
    find_api_key: Callable[[str], ApiKey | None]
    clock: Clock

    def identify(self, credentials: Credentials) -> Caller:
        """Return the caller of a token or a key.

        Args:
            credentials: The credentials of a request, with a token.

        Raises:
            InvalidToken: It counts no more, or never did.
        """
        if credentials.token.startswith(PREFIX):
            key, user = self.check_key(credentials.token)
            return Caller(user.key, user.role, user.groups, key.services, credentials.address)
        claims, user = self.check_token(credentials)
        role = min(user.role, claims.sign_in.role)
        return Caller(user.key, role, user.groups, address=credentials.address)

    def check_token(self, credentials: Credentials) -> tuple[Claims, User]:
        """Return the claims of a token, and its user.

        Args:
            credentials: The credentials of a request, with a token.

        Raises:
            InvalidToken: It counts no more, or never did.
        """
        claims = self.tokens.read(credentials.token)
        if claims is None or (claims.binding is not None and not claims.binding.admits(credentials)):
            raise InvalidToken
        return claims, self.find_signed_in(claims.sign_in)

    def find_signed_in(self, sign_in: SignInRecord) -> User:
        """Return the user of a sign-in that has not been ended.

        Args:
            sign_in: The sign-in.

        Raises:
            InvalidToken: It was ended, or the user is disabled.
        """
        user = self._find_active_user(sign_in.user)
        if sign_in.at < user.not_before or self.is_denied(sign_in.id):
            raise InvalidToken
        return user

    def check_key(self, text: str) -> tuple[ApiKey, User]:
        """Return an API key, and its owner.

        Args:
            text: The key as it is sent.

        Raises:
            InvalidToken: It counts no more, or never did.
        """
        key = self.find_api_key(text)
        if key is None or key.expires <= self.clock.now():
            raise InvalidToken
        return key, self._find_active_user(key.owner)

    def _find_active_user(self, name: str) -> User:
        user = self.find_user(name)
        if user is None or user.disabled:
            raise InvalidToken
        return user
