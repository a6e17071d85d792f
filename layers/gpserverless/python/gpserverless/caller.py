"""The caller of a request, and the rule of a service that says which callers it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """What a user may do on the site; each role may do what those before it may."""

    #: See what is shared with them.
    VIEWER = 1
    #: Run what is shared with them.
    USER = 2
    #: Own items and schedules.
    PUBLISHER = 3
    #: Everything, and other users' jobs.
    ADMINISTRATOR = 4


@dataclass(frozen=True)
class Caller:
    """Who calls.

    Attributes:
        name: Name of the user in small letters, "" for anybody.
        role: Role of the user; None for anybody.
        groups: Names of the user's groups.
        services: Qualified names of the services that a key is limited to; empty for no limit.
        address: Address of the network from which the request came, as the gateway saw it.
    """

    name: str = ""
    role: Role | None = None
    groups: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    address: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Whether it is a user or a machine with a name."""
        return bool(self.name)

    @property
    def is_administrator(self) -> bool:
        """Whether it may see and end the jobs of others; a key that is limited to services may not."""
        return self.role is Role.ADMINISTRATOR and not self.services

    def owns(self, owner: str) -> bool:
        """Return whether a job or an upload is the caller's to see and to end.

        What nobody owns belongs to those who know its id.

        Args:
            owner: Name of the owner, "" for nobody.
        """
        return not owner or owner == self.name or self.is_administrator


ANYBODY = Caller()


@dataclass(frozen=True)
class Access:
    """The rule of a service or a task: its callers sign in, and more if it says so.

    Administrators may always call. A rule with both a role and groups asks for both.

    Attributes:
        role: Lowest role.
        groups: Groups of which a caller is in one; empty for no such limit.
    """

    role: Role = Role.USER
    groups: frozenset[str] = frozenset()

    def admits(self, caller: Caller) -> bool:
        """Return whether a caller may run the service.

        Args:
            caller: The caller.
        """
        return self._admits(caller, self.role)

    def shows_to(self, caller: Caller) -> bool:
        """Return whether a caller may see that the service is there; viewers see what users of a group run.

        Args:
            caller: The caller.
        """
        return self._admits(caller, Role.VIEWER if self.role is Role.USER else self.role)

    def _admits(self, caller: Caller, role: Role) -> bool:
        if caller.role is None:
            return False
        if caller.role is Role.ADMINISTRATOR:
            return True
        return caller.role >= role and (not self.groups or bool(self.groups & caller.groups))
