"""Signed calls of webhooks.

The signature is that of Standard Webhooks
(github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), in three headers:

    webhook-id          the same in every attempt to send one message
    webhook-timestamp   time of this attempt, in seconds since 1970-01-01 UTC
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
from gpserverless.errors import InvalidValue
from gpserverless.fetch.connection import connect
from gpserverless.fetch.policy import Policy, UrlParts, split_url
from gpserverless.values.quotation import quoted

ANSWER_SECONDS = 10.0
"""Most seconds of a call, from the connection to the last header of the answer."""


@dataclass(frozen=True)
class WebhookSender:
    """Sends messages to webhooks: to public addresses by https, and to allowed private ones.

    Attributes:
        keys: Keys of the signatures; not empty.
        private: Authorities ("127.0.0.1:8080") that may be called although they are not public. They may be
            called by http as well.
        seconds: Most seconds of a call.
    """

    keys: tuple[bytes, ...] = field(repr=False)
    private: frozenset[str] = frozenset()
    seconds: float = ANSWER_SECONDS

    def send(self, url: str, message_id: str, body: bytes, now: int) -> int:
        """Send a message to a webhook, and return the HTTP status of the answer, whose body is not read.

        Args:
            url: URL of the webhook.
            message_id: Id of the message.
            body: The message as JSON.
            now: The time, in seconds since 1970-01-01 UTC.

        Raises:
            InvalidValue: The webhook may not be called, or did not answer in time.
        """
        target = self._check(url)
        headers = {
            "Host": urlsplit(target.url).netloc,
            "User-Agent": "GPServerless",
            "Content-Type": "application/json",
            **sign_headers(self.keys, message_id, body, now),
        }
        deadline = Deadline(lambda: None).at_most(self.seconds)
        try:
            return self._post(target, body, headers, deadline)
        except (OSError, http.client.HTTPException) as problem:
            late, failed = "did not answer in time", f"could not be called: {type(problem).__name__}"
            reason = late if deadline.is_over else failed
            raise InvalidValue(f"the server at {quoted(target.host)} {reason}") from None

    def _check(self, url: str) -> UrlParts:
        target = split_url(url)
        if target.scheme != "https" and target.authority not in self.private:
            raise InvalidValue(f"the host {quoted(target.host)} is called by https alone")
        return target

    def _post(self, target: UrlParts, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> int:
        connection = connect(Policy(private=self.private), target, deadline)
        try:
            http_connection = connection.http(target)
            http_connection.request("POST", target.resource, body, headers)
            return http_connection.getresponse().status
        finally:
            connection.disconnect()


def sign_headers(keys: Iterable[bytes], message_id: str, body: bytes, now: int) -> dict[str, str]:
    """Return the headers of a message, with its signatures.

    Args:
        keys: Keys; each makes a signature.
        message_id: Id of the message.
        body: Its body.
        now: The time, in seconds since 1970-01-01 UTC.
    """
    content = b"%s.%d.%s" % (message_id.encode(), now, body)
    digests = (hmac.digest(key, content, "sha256") for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests),
    }
