"""Webhooks: telling another server what has happened here, so that it can be sure who says so.

Signed as Standard Webhooks asks for it
(github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), in three headers:

    webhook-id          the same for every attempt to tell the same thing
    webhook-timestamp   when this attempt is made, in seconds since 1970-01-01 UTC
    webhook-signature   `v1,` and HMAC-SHA256 of `<id>.<timestamp>.<body>` in base64; one for each key
"""

from __future__ import annotations

import base64
import hmac
import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from gpserverless.cancellation import Deadline
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue
from gpserverless.fetch.connection import call
from gpserverless.fetch.policy import Policy, Target, take_apart

ANSWER_SECONDS = 10.0
"""Longest call, from the first connection to the last header of the answer."""


@dataclass(frozen=True)
class Caller:
    """Calls webhooks: any public https address, and the private places that are allowed.

    Attributes:
        keys: What signs; not empty.
        private: Places ("127.0.0.1:8080") that may be called although they are not public, by http as well.
        seconds: Longest call.
    """

    keys: tuple[bytes, ...] = field(repr=False)
    private: frozenset[str] = frozenset()
    seconds: float = ANSWER_SECONDS

    def call(self, url: str, message_id: str, body: bytes, now: int) -> int:
        """Send a body to a webhook, and return the HTTP status of its answer; the rest of it is not read.

        Args:
            url: The webhook.
            message_id: What tells the message from every other.
            body: JSON.
            now: The time, in seconds since 1970-01-01 UTC.

        Raises:
            InvalidValue: It may not be called, or could not be reached in time.
        """
        target = self._allowed(url)
        headers = {
            "Host": urlsplit(target.url).netloc,
            "User-Agent": "GPServerless",
            "Content-Type": "application/json",
            **signed(self.keys, message_id, body, now),
        }
        patience = Deadline(lambda: None).at_most(self.seconds)
        try:
            return self._answered(target, body, headers, patience)
        except (OSError, http.client.HTTPException) as problem:
            what = (
                "did not answer in time"
                if patience.is_over
                else f"could not be called: {type(problem).__name__}"
            )
            raise InvalidValue(f"the server at {quoted(target.host)} {what}") from None

    def _allowed(self, url: str) -> Target:
        target = take_apart(url)
        if target.scheme != "https" and target.place not in self.private:
            raise InvalidValue(f"the host {quoted(target.host)} is called by https alone")
        return target

    def _answered(self, target: Target, body: bytes, headers: Mapping[str, str], patience: Deadline) -> int:
        line = call(Policy(private=self.private), target, patience)
        try:
            connection = line.http(target)
            connection.request("POST", target.resource, body, headers)
            return connection.getresponse().status
        finally:
            line.hang_up()


def signed(keys: Iterable[bytes], message_id: str, body: bytes, now: int) -> dict[str, str]:
    """Return the headers that sign a message.

    Args:
        keys: The keys; each of them signs.
        message_id: What tells the message from every other.
        body: What is sent.
        now: The time, in seconds since 1970-01-01 UTC.
    """
    content = b"%s.%d.%s" % (message_id.encode(), now, body)
    digests = (hmac.digest(key, content, "sha256") for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests),
    }
