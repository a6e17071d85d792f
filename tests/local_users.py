"""Users of a local cloud, for tests that sign in."""

from __future__ import annotations

from typing import Any, NamedTuple

from gpserverless.access.administration import Administration
from gpserverless.access.user import User
from gpserverless.caller import Role
from gpserverless.clock import SystemClock
from gpserverless.storage.access_table import DynamoAccessRows
from local.cloud import LocalCloud
from local.resolver import STACK
from local.resources import make_client


class KnownUser(NamedTuple):
    """A user with the password."""

    name: str
    password: str


def add_user(cloud: LocalCloud, name: str, role: Role = Role.USER, **more: Any) -> KnownUser:
    """Add a user to a local cloud."""
    client: Any = make_client("dynamodb", cloud.endpoint)
    rows = DynamoAccessRows(client, f"{STACK}-AccessTable")
    user = KnownUser(name, f"the password of {name}")
    Administration(rows, SystemClock()).add(User(name, role, **more), user.password)
    return user
