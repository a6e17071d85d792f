"""Requests as the handlers of operations see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.caller import Caller
from gpserverless.errors import MissingParameter
from gpserverless.http.request import Request
from gpserverless.protocols.soap.xml.element import Element


@dataclass(frozen=True)
class SoapRequest:
    """A request for one operation.

    Attributes:
        http: The HTTP request, with its caller.
        service: Qualified name of the service, "" for the catalogue.
        version: Version of the protocol in its namespace: "10.8".
        arguments: The arguments.
    """

    http: Request
    service: str
    version: str
    arguments: Element

    @property
    def caller(self) -> Caller:
        """The caller."""
        return self.http.caller

    @property
    def root(self) -> str:
        """Public URL of the site."""
        return self.http.root

    def with_caller(self, caller: Caller) -> SoapRequest:
        """Return the same with the caller.

        Args:
            caller: The caller.
        """
        return replace(self, http=replace(self.http, caller=caller))

    def read(self, name: str) -> str:
        """Return the text of an argument, "" if it is not given.

        Args:
            name: Its name.
        """
        return (self.arguments.read_text(name) or "").strip()

    def require(self, name: str) -> str:
        """Return the text of an argument that must be given.

        Args:
            name: Its name.

        Raises:
            MissingParameter: It is not given.
        """
        text = self.read(name)
        if not text:
            raise MissingParameter(name)
        return text


Answer = Mapping[str, Any]
"""The elements of a response by name, as those of a node."""

Handler = Callable[[SoapRequest], Answer]

Handlers = Mapping[str, Handler]
"""Handlers by the name of their operation."""
