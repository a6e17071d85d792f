"""A user as another directory tells it: Cognito, or an issuer of OpenID Connect."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.caller import Role


@dataclass(frozen=True)
class Identity:
    """A user whom another directory has identified.

    Attributes:
        name: Name of the user, of the form of a name here.
        subject: The directory, and the user's id in it, which stays when the name changes.
        groups: Names of the groups there. Those with the name of a role give it.
        full_name: Name for people, "" if it is not told.
        email: Address for mail, "" if it is not told.
    """

    name: str
    subject: str
    groups: frozenset[str] = frozenset()
    full_name: str = ""
    email: str = ""

    @property
    def role(self) -> Role | None:
        """The highest role of which there is a group, or None."""
        names = {group.upper() for group in self.groups}
        return max((role for role in Role if role.name in names), default=None)
