"""A site with users, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from argon2 import Parameters
from argon2.low_level import Type

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.administration import Administration
from gpserverless.access.credentials import Credentials
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.passwords import Passwords
from gpserverless.access.sign_in import Login
from gpserverless.access.user import User
from gpserverless.caller import Role
from gpserverless.testing import InMemoryAccessRows, VirtualClock

ROOT = "https://site.test/arcgis"
PASSWORD: Final = "correct horse"
HOME = "192.0.2.1"
MINUTE = 60

CHEAP = Parameters(
    type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=8, parallelism=1
)
"""A hash that takes no time, so that tests can make many."""

REDIRECT = "https://app.example/back"
RULES = AccessRules(ROOT, redirects={"app": frozenset({REDIRECT})})


@dataclass(frozen=True)
class Rig:
    """A site in memory.

    Attributes:
        rows: Its table.
        clock: Its time.
        accounts: Its access.
        administration: Its administrator.
    """

    rows: InMemoryAccessRows
    clock: VirtualClock
    accounts: Accounts
    administration: Administration

    def sign_in(self, name: str = "ana", password: str = PASSWORD, **given: object) -> IssuedToken:
        """Sign a user in, from home unless it is told."""
        return self.accounts.sign_in.issue(Login(name, password, **{"address": HOME, **given}))  # type: ignore[arg-type]

    def identify(self, token: str, **given: str) -> object:
        """Return the caller of a token."""
        return self.accounts.identify(Credentials(token, **given))


def make_rig(rows: InMemoryAccessRows, clock: VirtualClock) -> Rig:
    """Return a site with a user `Ana`, a publisher in the group `planners`."""
    passwords = Passwords(rows, CHEAP)
    administration = Administration(rows, clock, passwords)
    administration.add(User("Ana", Role.PUBLISHER, groups=frozenset({"planners"})), PASSWORD)
    return Rig(rows, clock, Accounts.of(rows, RULES, clock, passwords), administration)
