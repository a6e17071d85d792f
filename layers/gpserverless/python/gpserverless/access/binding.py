"""The binding of a token to the page or the address that it was made for."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

from gpserverless.access.credentials import Credentials
from gpserverless.access.web_address import WebAddress, read_page, read_web_address
from gpserverless.errors import InvalidParameter, MissingParameter

BindingKind = Literal["referer", "ip"]

MOST_CHARACTERS = 1024
"""Length of a referer; it travels in the token, which travels in every URL."""


@dataclass(frozen=True)
class Binding:
    """The page or the address to which a token is bound.

    Attributes:
        kind: The part of a request that is compared.
        value: A web address, or an address of the network.
    """

    kind: BindingKind
    value: str

    def admits(self, credentials: Credentials) -> bool:
        """Return whether a token with this binding counts in a request.

        A page is compared only if the request tells one: programs send none, or "http".

        Args:
            credentials: The credentials of the request.
        """
        if self.kind == "ip":
            return self.value == _read_address(credentials.address)
        if not credentials.referer.lower().startswith(("http://", "https://")):
            return True
        wanted, sent = read_web_address(self.value), read_page(credentials.referer)
        return wanted is not None and sent is not None and _is_within(sent, wanted)


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
    match client.lower():
        case "":
            return None
        case "referer":
            return _bind_to_page(referer)
        case "ip":
            return _bind_to_address(ip)
        case "requestip":
            return _bind_to_address(address)
    raise InvalidParameter("client", "it is none of the kinds of clients", "referer, ip or requestip")


def _bind_to_page(referer: str) -> Binding | None:
    if not referer:
        raise MissingParameter("referer", "the address of the page, for client=referer")
    if len(referer) > MOST_CHARACTERS:
        raise InvalidParameter("referer", f"it has more than {MOST_CHARACTERS:,} characters")
    return Binding("referer", referer) if read_web_address(referer) else None


def _bind_to_address(ip: str) -> Binding:
    if not ip:
        raise MissingParameter("ip", "an address of the network, for client=ip")
    address = _read_address(ip)
    if not address:
        raise InvalidParameter("ip", "it is no address of a network", "such as 192.0.2.1 or 2001:db8::1")
    return Binding("ip", address)


def _is_within(sent: WebAddress, wanted: WebAddress) -> bool:
    """Compare scheme, host, port and the first segments; an `Origin` has no path to compare."""
    if sent.origin != wanted.origin:
        return False
    return not sent.has_path or sent.segments[: len(wanted.segments)] == wanted.segments


def _read_address(text: str) -> str:
    """Return an address in its one form, "" if it is none."""
    try:
        return str(ipaddress.ip_address(text)) if "%" not in text else ""
    except ValueError:
        return ""
