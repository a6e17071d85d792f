"""The caller of a request, and the rule of a service that says which callers it has."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from gpserverless.errors import AuthoringError


class Role(IntEnum):
    """The rights of a user on the site; each role has those of the roles before it.

    Example:
        >>> Role.PUBLISHER > Role.USER, [role.name for role in Role]
        (True, ['VIEWER', 'USER', 'PUBLISHER', 'ADMINISTRATOR'])
    """

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

    def may_ask(self, service: str) -> bool:
        """Return whether the caller's key is for a service, or for all of them.

        Args:
            service: Qualified name of the service.
        """
        return not self.services or service in self.services

    def to_document(self) -> dict[str, Any]:
        """Return the caller as JSON, without the address."""
        role = None if self.role is None else self.role.name
        return {
            "name": self.name,
            "role": role,
            "groups": sorted(self.groups),
            "services": sorted(self.services),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Caller:
        """Return the caller of a document that `to_document` made.

        Args:
            document: JSON of a caller.
        """
        role = document["role"]
        groups, services = frozenset(document["groups"]), frozenset(document["services"])
        return cls(document["name"], None if role is None else Role[role], groups, services)


ANYBODY = Caller()


@dataclass(frozen=True)
class Access:
    """The rule of a service or a task: its callers sign in, and more if it says so.

    Administrators may always call. A rule with both a role and groups asks for both.

    Attributes:
        role: Lowest role.
        groups: Groups of which a caller is in one; empty for no such limit.

    Raises:
        AuthoringError: The role is none, or the groups are no set of names.

    Example:
        >>> rule = Access(role=Role.USER, groups={"planners"})
        >>> Access(groups="planners")
        Traceback (most recent call last):
            ...
        gpserverless.errors.AuthoringError: groups is a set of names, such as {"planners"}, not 'planners'
    """

    role: Role = Role.USER
    groups: Set[str] = frozenset()

    def __post_init__(self) -> None:
        if not isinstance(self.role, Role):
            raise AuthoringError(f"role is one of Role, such as Role.USER, not {self.role!r}")
        are_names = isinstance(self.groups, Set) and all(isinstance(g, str) and g for g in self.groups)
        if not are_names:
            raise AuthoringError(f'groups is a set of names, such as {{"planners"}}, not {self.groups!r}')
        object.__setattr__(self, "groups", frozenset(self.groups))

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

    def to_document(self) -> dict[str, Any]:
        """Return the rule as JSON."""
        return {"role": self.role.name, "groups": sorted(self.groups)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any] | None) -> Access | None:
        """Return the rule of a document that `to_document` made, None for none.

        Args:
            document: JSON of a rule.
        """
        return None if document is None else cls(Role[document["role"]], frozenset(document["groups"]))
