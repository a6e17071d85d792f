"""The credentials that come with a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gpserverless.caller import Caller


@dataclass(frozen=True)
class Credentials:
    """The credentials of a request, and the facts that a token can be bound to.

    Attributes:
        token: The token or key; "" if none came. It is not shown when the object is printed.
        referer: The address of the page that sent the request, "" if it is not told.
        address: Address of the network from which the request came, as the gateway saw it.
    """

    token: str = field(default="", repr=False)
    referer: str = ""
    address: str = ""


Identify = Callable[[Credentials], Caller]
"""Returns the caller of credentials, nobody's being `ANYBODY`; raises `InvalidToken` or `StorageError`."""
