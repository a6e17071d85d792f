"""Messages of runs and jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gpserverless.protocols.soap.schema.node import Node
from gpserverless.toolkit.run import Message, MessageKind

_KINDS: Mapping[MessageKind, str] = {
    "informative": "esriJobMessageTypeInformative",
    "warning": "esriJobMessageTypeWarning",
    "error": "esriJobMessageTypeError",
}


def make_messages(messages: Iterable[Message]) -> list[Node]:
    """Return messages as nodes.

    Args:
        messages: The messages, oldest first.
    """
    return [
        Node("JobMessage", {"MessageDesc": message.text, "MessageType": _KINDS[message.kind]})
        for message in messages
    ]
