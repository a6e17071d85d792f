"""A token as it is handed out."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpserverless.access.user import User


@dataclass(frozen=True)
class IssuedToken:
    """A token, and its user.

    Attributes:
        token: The token. It is not shown when the object is printed.
        expires: End of its life in ms since 1970 UTC.
        user: Its user.
    """

    token: str = field(repr=False)
    expires: int
    user: User
