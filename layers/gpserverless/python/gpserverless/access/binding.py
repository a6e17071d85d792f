"""The binding of a token to the page or the address that it was made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gpserverless.access.credentials import Credentials

BindingKind = Literal["referer", "ip"]


@dataclass(frozen=True)
class Binding:
    """The page or the address to which a token is bound.

    Attributes:
        kind: What is compared.
        value: A web address, or an address of the network.
    """

    kind: BindingKind
    value: str

    def admits(self, credentials: Credentials) -> bool:
        """Return whether a token with this binding counts in a request.

        A page is compared only if the request tells a web address: programs send none, or "http".

        Args:
            credentials: The credentials of the request.
        """
        raise NotImplementedError


def read_binding(client: str, referer: str, ip: str, address: str) -> Binding | None:
    """Return the binding that a request for a token asks for; None for none.

    A referer that is no web address, such as the "http" of the ArcGIS API for Python, binds to nothing.

    Args:
        client: The field `client`, "" if it is not given.
        referer: The field `referer`.
        ip: The field `ip`.
        address: Address of the network from which the request came.

    Raises:
        MissingParameter: The field that `client` needs is not given.
        InvalidParameter: `client` is unknown, or `ip` is no address.
    """
    raise NotImplementedError
