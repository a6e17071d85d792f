"""Signing in: a name and a password for a token."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpserverless.access.binding import Binding
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.user import User


@dataclass(frozen=True)
class Login:
    """A try to sign in.

    Attributes:
        name: The name as it was typed.
        password: The password as it was typed. It is not shown when the object is printed.
        address: Address of the network from which it came.
        binding: What the token is to be bound to.
        expiration: Minutes as they were sent, "" for the default.
    """

    name: str
    password: str = field(repr=False)
    address: str
    binding: Binding | None = None
    expiration: str = ""


class SignIn:
    """Signs users in."""

    def check(self, login: Login) -> User:
        """Return the user of a name and a password.

        Args:
            login: The try.

        Raises:
            InvalidSignIn: Name or password are wrong, the user is disabled, or too many were wrong before.
        """
        raise NotImplementedError

    def issue(self, login: Login) -> IssuedToken:
        """Return a token for a name and a password.

        Args:
            login: The try.

        Raises:
            InvalidParameter: The expiration is no number of minutes.
            InvalidSignIn: See `check`.
        """
        raise NotImplementedError
