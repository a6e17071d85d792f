"""Which servers may be asked, and at which addresses.

A caller chooses the URL, so every URL is hostile: it must not reach servers that only this side of the
firewall can see. The host must be on a list, and every address that it resolves to must be public. The
connection goes to the very address that was checked, so that a second answer of the name server changes
nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from gpserverless.errors import InvalidValue
from gpserverless.values.quotation import quoted

MAX_URL = 2_000
"""Characters of the longest URL that is followed."""

ALLOWED_SETTING = "FetchAllowedHosts"
"""Name of the stack's parameter with the allowed hosts, for the operator who reads an error."""

_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._?"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class UrlParts:
    """The parts of a URL that may be asked for if its addresses may.

    Attributes:
        scheme: "http" or "https".
        host: Name or address in ASCII and lower case, an IPv6 address without brackets.
        port: Port.
        resource: Path and query as they go over the wire.
    """

    scheme: str
    host: str
    port: int
    resource: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: the scope of a token (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host and port as settings name them: "example.org:443" (RFC 3986)."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole URL, without a fragment."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.resource}"


@dataclass(frozen=True)
class Policy:
    """The servers that inputs may come from.

    Attributes:
        allowed: Hosts: "gis.example.org", "*.example.org" for what is below it, "*" for any; with ":port" for
            another port than 80 and 443.
        private: Authorities ("127.0.0.1:8080") that may be asked although their address is not public.
        own: Authorities of this service, which must not call itself.
    """

    allowed: tuple[str, ...] = ()
    private: frozenset[str] = field(default_factory=frozenset)
    own: frozenset[str] = field(default_factory=frozenset)

    def check(self, url: str) -> UrlParts:
        """Return the parts of a URL whose host may be asked. The host is not resolved yet.

        Args:
            url: A URL from a caller.

        Raises:
            InvalidValue: The URL is not followed.
        """
        target = split_url(url)
        if target.authority in self.own:
            raise InvalidValue("the URL leads back to this service")
        if target.authority not in self.private and not any(_matches(p, target) for p in self.allowed):
            raise InvalidValue(
                f"the host {quoted(target.host)} is not among those that inputs are fetched from:"
                f" the setting {ALLOWED_SETTING} lists them",
                ", ".join(self.allowed) or "no host at all, as the list is empty",
            )
        return target

    def resolve(self, target: UrlParts) -> list[str]:
        """Resolve the host of a URL, in the resolver's order of preference.

        Args:
            target: Parts of the URL.

        Raises:
            InvalidValue: It has no address, or one that is not public.
        """
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise InvalidValue(f"the host {quoted(target.host)} is not known") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if target.authority not in self.private and not all(map(is_public, addresses)):
            raise InvalidValue(f"the host {quoted(target.host)} has no public address")
        return addresses


def split_url(url: str) -> UrlParts:
    """Split a URL into its parts, which alone are used from here on.

    Args:
        url: A URL from a caller.

    Raises:
        InvalidValue: It is not an absolute http or https URL, or parsers could disagree about it.
    """
    if len(url) > MAX_URL:
        raise InvalidValue(f"the URL has {len(url):,} characters", f"at most {MAX_URL:,}")
    if any(c.isspace() or not c.isprintable() or c == "\\" for c in url):
        raise InvalidValue("the URL has characters that no URL has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidValue("the URL cannot be read") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise InvalidValue("the URL is not absolute", "https:// or http://")
    if "@" in parts.netloc or port == 0:
        raise InvalidValue("the URL has a user name, or no port that exists")
    resource = quote(parts.path or "/", safe=_KEPT_IN_PATH)
    if parts.query:
        resource += "?" + quote(parts.query, safe=_KEPT_IN_PATH + "/[]")
    return UrlParts(parts.scheme, _read_host(parts.hostname), port or _PORTS[parts.scheme], resource)


def is_public(address: str) -> bool:
    """Return whether an address, or the IPv4 address that it wraps, is global and unicast.

    Args:
        address: An IPv4 or IPv6 address.
    """
    try:
        parsed = _unwrap(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed not in _GLOBAL_V6:
        return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


def read_authorities(texts: Iterable[str]) -> frozenset[str]:
    """Return the authorities ("host:port") of the URLs among some texts.

    Args:
        texts: Any texts.
    """
    found = set()
    for text in texts:
        try:
            found.add(split_url(text).authority)
        except InvalidValue:
            continue
    return frozenset(found)


def _unwrap(address: Address) -> Address:
    """Return the IPv4 address in an IPv6 one: mapped, translated by NAT64, or tunnelled by 6to4."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _read_host(name: str) -> str:
    """Return a host in ASCII; numbers that some resolvers read as addresses are refused."""
    with suppress(ValueError):  # it is no address, so it must be a name
        return str(ipaddress.ip_address(name))
    try:
        ascii_name = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise InvalidValue(f"{quoted(name)} is not the name of a host") from None
    labels = ascii_name.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise InvalidValue(f"{quoted(name)} is not the name of a host")
    return ascii_name


def _matches(pattern: str, target: UrlParts) -> bool:
    name, _, port = pattern.strip().lower().partition(":")
    if port:
        if str(target.port) != port:
            return False
    elif target.port not in _PORTS.values():
        return False
    if name == "*":
        return True
    return target.host.endswith(name[1:]) if name.startswith("*.") else target.host == name
