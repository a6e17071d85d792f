"""Signing in: a name and a password for a token."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from gpserverless.access.binding import Binding
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.issuer import Issuer
from gpserverless.access.outside_users import OutsideUsers
from gpserverless.access.ports import CheckPassword, PasswordCheck
from gpserverless.access.throttle import Attempt, Throttle
from gpserverless.access.user import User, key_of_name
from gpserverless.access.users import Users
from gpserverless.errors import InvalidSignIn

logger = logging.getLogger(__name__)


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
    """Signs users in.

    Args:
        users: The users.
        passwords: Compares passwords.
        throttle: Counts wrong ones.
        issuer: Makes tokens.
    """

    def __init__(self, users: Users, passwords: CheckPassword, throttle: Throttle, issuer: Issuer) -> None:
        self._users = users
        self._outside_users = OutsideUsers(users)
        self._passwords = passwords
        self._throttle = throttle
        self._issuer = issuer

    def check(self, login: Login) -> User:
        """Return the user of a name and a password.

        The same is done for every wrong try, so that the time tells nothing.

        Args:
            login: The try.

        Raises:
            InvalidSignIn: Name or password are wrong, the user is disabled, or too many were wrong before.
        """
        name = key_of_name(login.name)
        found = self._passwords.check(name, login.password)
        attempt = Attempt(name, login.address, found.fingerprint, self._issuer.now)
        has_room = self._throttle.count(attempt)
        is_right = found.matches and has_room
        user = self._find_user(attempt, found if is_right else None)
        if not is_right or user is None or user.disabled:
            logger.info("sign-in refused", extra={"has_room": has_room, "user": user.key if user else None})
            raise InvalidSignIn
        self._throttle.take_back(attempt)
        return user

    def issue(self, login: Login) -> IssuedToken:
        """Return a token for a name and a password.

        Args:
            login: The try.

        Raises:
            InvalidParameter: The expiration is no number of minutes.
            InvalidSignIn: See `check`.
        """
        ends = self._issuer.end_of(login.expiration)
        user = self.check(login)
        return self._issuer.issue(user, self._issuer.begin(user), ends, login.binding)

    def _find_user(self, attempt: Attempt, found: PasswordCheck | None) -> User | None:
        if found is not None and found.identity is not None:
            return self._outside_users.enter(found.identity, attempt.at)
        return self._users.find(attempt.name)
