"""The making of tokens, and the sign-ins that they stem from."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.access.binding import Binding
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.lifetimes import Lifetimes
from gpserverless.access.token_check import TokenCheck
from gpserverless.access.tokens import Claims, SignInRecord, begin_sign_in
from gpserverless.access.user import User


@dataclass(frozen=True)
class Issuer:
    """Makes tokens for users.

    Attributes:
        check: Checks older tokens and sign-ins, without a cache: what was ended just now makes no new one.
        lifetimes: How long tokens live.
    """

    check: TokenCheck
    lifetimes: Lifetimes

    @property
    def now(self) -> int:
        """Time in ms since 1970 UTC."""
        return self.check.clock.now()

    def end_of(self, expiration: str) -> int:
        """Return the end of a token that is made now, in ms since 1970 UTC.

        Args:
            expiration: Minutes as they were sent, "" for the default.

        Raises:
            InvalidParameter: It is no number of minutes.
        """
        return self.now + self.lifetimes.read(expiration)

    def begin(self, user: User) -> SignInRecord:
        """Return the record of a sign-in that happens now.

        Args:
            user: The user.
        """
        return begin_sign_in(user, self.now)

    def issue(
        self, user: User, sign_in: SignInRecord, ends: int, binding: Binding | None = None
    ) -> IssuedToken:
        """Return a token.

        Args:
            user: Its user.
            sign_in: The sign-in that it stems from.
            ends: End of its life in ms since 1970 UTC.
            binding: Its page or address.
        """
        return self.check.tokens.issue(user, Claims(sign_in, ends, binding))
