"""The function that calls webhooks, until they have understood or for eight hours."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from gpserverless.app import webhook
from gpserverless.app.webhook import PAUSES, WebhookFunction, WebhookSettings, payload_of
from gpserverless.errors import SettingsError, StorageError
from gpserverless.fetch.webhook import WebhookSender
from gpserverless.jobs.announcement import Announcement
from gpserverless.jobs.job import Job
from gpserverless.jobs.status import Status
from gpserverless.storage import clients
from gpserverless.storage.webhook_queue import SqsWebhookQueue, write_announcement
from gpserverless.testing import InMemoryJobQueue, VirtualClock
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec
from tests.jobs.rig import row
from tests.webhook_receiver import WebhookReceiver

ID = "j" + "0" * 32
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
DONE: dict[str, list[Any]] = {"batchItemFailures": []}
AGAIN = {"batchItemFailures": [{"itemIdentifier": "m1"}]}
ENDED = Announcement.of_job(Job.from_item(row(ID, Status.SUCCEEDED, 1_700_000_000_000)))


@pytest.fixture
def webhooks(receiver: WebhookReceiver, queue: InMemoryJobQueue, clock: VirtualClock) -> WebhookFunction:
    caller = WebhookSender((KEY,), frozenset({receiver.place}))
    return WebhookFunction({"Samples": f"{receiver.url}/hooks"}, caller, queue, clock)


def event(attempt: int = 1, body: str = write_announcement(ENDED)) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": str(attempt)}
    record = {"messageId": "m1", "receiptHandle": "r1", "body": body, "attributes": attributes}
    return {"Records": [record]}


def test_webhook_is_called_once(
    webhooks: WebhookFunction, receiver: WebhookReceiver, queue: InMemoryJobQueue
) -> None:
    assert webhooks.handle(event()) == DONE
    ((_, headers, body),) = receiver.received
    assert headers["webhook-id"] == f"{ID}-ended"
    assert json.loads(body) == {
        "type": "job.ended",
        "timestamp": "2023-11-14T22:13:20.000Z",
        "data": dict(ENDED.detail),
    }
    assert queue.handed_back == []


def test_every_attempt_sends_the_same_message_at_its_own_time(
    webhooks: WebhookFunction, receiver: WebhookReceiver, clock: VirtualClock
) -> None:
    receiver.answers += [500]
    for attempt in (1, 2):
        webhooks.handle(event(attempt))
        clock.sleep(5)
    (first, second) = receiver.received
    assert (first[1]["webhook-id"], first[2]) == (second[1]["webhook-id"], second[2])
    assert int(second[1]["webhook-timestamp"]) - int(first[1]["webhook-timestamp"]) == 5


@pytest.mark.parametrize("status", [301, 302, 308, 400, 404, 429, 500, 503])
def test_what_is_not_understood_comes_again(
    status: int, webhooks: WebhookFunction, receiver: WebhookReceiver, queue: InMemoryJobQueue
) -> None:
    receiver.answers += [status]
    assert webhooks.handle(event()) == AGAIN
    assert queue.handed_back == [("r1", PAUSES[0])]
    assert len(receiver.received) == 1


def test_pauses_grow_and_the_last_attempt_is_followed_by_none(
    webhooks: WebhookFunction, receiver: WebhookReceiver, queue: InMemoryJobQueue
) -> None:
    attempts = range(1, len(PAUSES) + 2)
    receiver.answers += [500] * len(attempts)
    assert [webhooks.handle(event(attempt)) for attempt in attempts] == [AGAIN] * len(attempts)
    pauses = [seconds for _, seconds in queue.handed_back]
    assert pauses == [*PAUSES, 0]
    assert list(PAUSES) == sorted(PAUSES)
    assert 6 * 3600 < sum(PAUSES) < 12 * 3600


def test_webhook_that_is_gone_is_not_called_again(
    webhooks: WebhookFunction, receiver: WebhookReceiver, queue: InMemoryJobQueue
) -> None:
    receiver.answers += [410]
    assert webhooks.handle(event()) == DONE
    assert queue.handed_back == []


def test_webhook_at_a_private_address_is_not_called_and_ends_undelivered(
    receiver: WebhookReceiver, queue: InMemoryJobQueue, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    url = receiver.url.replace("http:", "https:")
    assert WebhookFunction({"Samples": url}, WebhookSender((KEY,)), queue, clock).handle(event(8)) == AGAIN
    assert receiver.received == []
    assert queue.handed_back == [("r1", 0)]
    (line,) = caplog.records
    assert "no public address" in vars(line)["answer"]


@pytest.mark.parametrize("body", ["?", "[]", '{"v":1}', '{"v":2,"detail":{}}', '{"v":1,"detail":{"id":"x"}}'])
def test_message_that_nobody_understands_is_done_with(body: str, webhooks: WebhookFunction) -> None:
    assert webhooks.handle(event(body=body)) == DONE


def test_webhook_that_a_service_has_no_more_is_not_called(
    receiver: WebhookReceiver, queue: InMemoryJobQueue, clock: VirtualClock
) -> None:
    assert WebhookFunction({}, WebhookSender((KEY,)), queue, clock).handle(event()) == DONE
    assert receiver.received == []


class Away(InMemoryJobQueue):
    """A queue that cannot be reached."""

    def hand_back(self, receipt: str, seconds: int) -> None:
        raise StorageError("could not hand a webhook back: away")


def test_message_that_cannot_be_handed_back_comes_again_by_itself(
    receiver: WebhookReceiver, clock: VirtualClock
) -> None:
    receiver.answers += [500]
    webhooks = WebhookFunction(
        {"Samples": f"{receiver.url}/"}, WebhookSender((KEY,), frozenset({receiver.place})), Away(), clock
    )
    assert webhooks.handle(event()) == AGAIN


ENVIRONMENT = {"WEBHOOKS_QUEUE_URL": "https://q"}
HOOKED = ServiceSpec("Samples", "", "async", Limits.asynchronous(), (), webhook="https://example.org/hooks")


@pytest.mark.parametrize(
    ("secret", "keys"),
    [
        ("", ()),
        (SECRET, (KEY,)),
        (SECRET.removeprefix("whsec_"), (KEY,)),
        (f" {SECRET}  whsec_{base64.b64encode(b'k' * 24).decode()} ", (KEY, b"k" * 24)),
    ],
)
def test_secret_is_one_key_or_several(secret: str, keys: tuple[bytes, ...]) -> None:
    settings = WebhookSettings.read(ENVIRONMENT | {"WEBHOOK_SECRET": secret})
    assert settings.webhook_keys == keys
    assert not keys or repr(KEY) not in repr(settings)


@pytest.mark.parametrize(
    "secret", ["secret", "whsec_%%%%", "whsec_c2hvcnQ=", base64.b64encode(bytes(65)).decode()]
)
def test_secret_that_is_none_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET must be") as refused:
        WebhookSettings.read(ENVIRONMENT | {"WEBHOOK_SECRET": secret})
    assert secret not in str(refused.value)


def test_nothing_is_sent_unsigned(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    WebhookFunction.build(ENVIRONMENT)  # nobody has a webhook: nothing to sign
    monkeypatch.setattr(webhook, "load_catalogue", lambda switched_on: Catalogue.select([HOOKED]))
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET is missing; Samples has a webhook"):
        WebhookFunction.build(ENVIRONMENT)
    assert WebhookFunction.build(ENVIRONMENT | {"WEBHOOK_SECRET": SECRET})


def test_message_is_handed_back_to_the_queue(aws: None, queue_url: str) -> None:
    client = clients.sqs_client()
    queue = SqsWebhookQueue(client, queue_url)
    queue.send([ENDED])
    (message,) = client.receive_message(QueueUrl=queue_url)["Messages"]
    assert "Messages" not in client.receive_message(QueueUrl=queue_url)
    queue.hand_back(message["ReceiptHandle"], 0)
    (again,) = client.receive_message(QueueUrl=queue_url)["Messages"]
    assert again["Body"] == write_announcement(ENDED)
    with pytest.raises(StorageError):
        queue.hand_back("no receipt", 0)


def test_body_is_the_same_however_often_it_is_made() -> None:
    assert payload_of(ENDED) == payload_of(
        Announcement.of_job(Job.from_item(row(ID, Status.SUCCEEDED, 1_700_000_000_000)))
    )
