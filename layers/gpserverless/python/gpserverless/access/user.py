"""A user, and the names that users can have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gpserverless.caller import Role
from gpserverless.errors import InvalidValue

NAMES = "1 to 128 of the letters A to Z, digits, and . _ @ -"
_NAME = re.compile(r"[A-Za-z0-9._@-]{1,128}")


@dataclass(frozen=True)
class User:
    """A user of the site.

    Attributes:
        name: Name as it was given at first; two users differ in more than capitals.
        role: What the user may do.
        full_name: Name for people, "" if it is not known.
        email: Address for mail, "" if it is not known.
        groups: Names of the user's groups.
        disabled: Whether the user cannot sign in, and the tokens and keys of the user count no more.
        not_before: Time in ms since 1970 UTC; tokens of sign-ins before it count no more.
        created: Time in ms since 1970 UTC.
        subject: Directory elsewhere and the user's id in it, "" for a user of this site alone.
    """

    name: str
    role: Role = Role.USER
    full_name: str = ""
    email: str = ""
    groups: frozenset[str] = frozenset()
    disabled: bool = False
    not_before: int = 0
    created: int = 0
    subject: str = ""

    @property
    def key(self) -> str:
        """The name in small letters, by which the user owns jobs and is found."""
        return self.name.lower()


def key_of_name(text: str) -> str:
    """Return the name of a user in small letters, "" if no user can have such a name.

    Args:
        text: Any text, however long.
    """
    return text.lower() if _NAME.fullmatch(text) else ""


def check_name(text: str) -> str:
    """Return a name for a new user.

    Args:
        text: The name.

    Raises:
        InvalidValue: No user can have it.
    """
    if not key_of_name(text):
        raise InvalidValue("it is no name of a user", NAMES)
    return text


def check_group(text: str) -> str:
    """Return the name of a group. Capitals count.

    Args:
        text: The name.

    Raises:
        InvalidValue: No group can have it.
    """
    if not _NAME.fullmatch(text):
        raise InvalidValue("it is no name of a group", NAMES)
    return text
