"""The end of every job is announced, whoever ends it; nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from botocore.stub import Stubber

from gpserverless.app.announce import AnnounceFunction, AnnounceSettings
from gpserverless.errors import StorageError
from gpserverless.jobs import transitions as t
from gpserverless.jobs.announcement import Announcement
from gpserverless.jobs.job import Job, NewJob
from gpserverless.jobs.keys import new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobTable
from gpserverless.jobs.status import FINAL, OPEN, Status
from gpserverless.storage import clients
from gpserverless.storage.attributes import encode_item
from gpserverless.storage.event_bus import EventBus
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.webhook_queue import SqsWebhookQueue, read_announcement
from gpserverless.toolkit.call import Call
from local.streams import build_stream_record, matches_pattern
from tests.jobs.rig import FENCE, RULES, Put, resource, row
from tests.jobs.test_matrix import OPERATIONS, OVERDUE, reaping

Record = Mapping[str, Any]
DONE: dict[str, list[Any]] = {"batchItemFailures": []}
ID = "j" + "0" * 32
NOW = 1_700_000_000_000

ENDS: dict[str, tuple[Any, Status, dict[str, Any]]] = {
    name: (operation, source, OVERDUE.get(name, {}))
    for name, (operation, allowed) in OPERATIONS.items()
    for source, target in allowed.items()
    if target in FINAL
}
ENDS |= {
    move.name: (reaping(move), move.sources[-1], {"attempt": RULES.max_attempts, "lease_until": 1})
    for move in (t.EXHAUST, t.REAP_LOST)
}


class Told:
    """Hears announcements; some are not taken, or nobody is there."""

    def __init__(self) -> None:
        self.heard: list[Announcement] = []
        self.calls: list[int] = []
        self.refused: set[str] = set()
        self.away = False

    def __call__(self, announcements: Sequence[Announcement]) -> frozenset[str]:
        self.calls.append(len(announcements))
        if self.away:
            raise StorageError("could not publish an event: away")
        self.heard += [each for each in announcements if each.job_id not in self.refused]
        return frozenset(each.id for each in announcements if each.job_id in self.refused)


@pytest.fixture
def bus() -> Told:
    return Told()


@pytest.fixture
def queue() -> Told:
    return Told()


@pytest.fixture
def announcer(bus: Told, queue: Told) -> AnnounceFunction:
    return AnnounceFunction(bus, queue, frozenset({"Samples"}))


@pytest.fixture
def steady_table(dynamodb: DynamoJobTable) -> JobTable:
    return dynamodb


@pytest.fixture
def changes(dynamodb: DynamoJobTable) -> Callable[[], list[Record]]:
    """Return what the stream has told since the test began, as it passes the trigger's filter."""
    streams: Any = clients.session().create_client("dynamodbstreams")
    arn = clients.dynamodb_client().describe_table(TableName="jobs")["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    at = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST")
    filters = resource("AnnounceTrigger")["FilterCriteria"]["Filters"]
    patterns = [json.loads(each["Pattern"]) for each in filters]

    def read() -> list[Record]:
        records = streams.get_records(ShardIterator=at["ShardIterator"])["Records"]
        made = [build_stream_record(each, arn) for each in records]
        return [each for each in made if any(matches_pattern(pattern, each) for pattern in patterns)]

    return read


def ended(number: int = 0, **given: Any) -> dict[str, Any]:
    """Return the record of a job that succeeds."""
    before = row(f"j{number:032x}", Status.EXECUTING, NOW)
    after = row(f"j{number:032x}", Status.SUCCEEDED, NOW) | given
    images = {"OldImage": encode_item(before), "NewImage": encode_item(after)}
    return {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": str(100 + number), **images}}


def test_table_has_every_move_that_ends_a_job() -> None:
    assert ENDS.keys() == {move.name for move in t.MOVES if move.target in FINAL} - {t.REJECT.name}


@pytest.mark.parametrize("name", ENDS)
def test_every_end_is_announced_once(
    name: str,
    ledger: Ledger,
    put: Put,
    changes: Callable[[], list[Record]],
    announcer: AnnounceFunction,
    bus: Told,
) -> None:
    operation, source, given = ENDS[name]
    job = put(source, **given)
    after = operation(ledger, job, FENCE).job
    assert after is not None
    assert operation(ledger, job, FENCE).job == after, "a second try changes nothing"
    records = changes()
    assert announcer.handle({"Records": records}) == DONE
    assert [(told.job_id, told.detail["jobStatus"]) for told in bus.heard] == [(job.id, after.status.value)]


def test_end_of_a_job_that_begins_with_it_is_announced(
    ledger: Ledger, changes: Callable[[], list[Record]], announcer: AnnounceFunction, bus: Told, queue: Told
) -> None:
    new = NewJob(new_job_id(), Call("Samples", "Buffer", {}), problem="Parameter 'points': it is wrong.")
    assert ledger.reject(new, "a secret").applied
    assert announcer.handle({"Records": changes()}) == DONE
    ended_at = datetime.fromtimestamp(ledger.clock.now() / 1000, UTC)
    for told in (bus, queue):
        (announced,) = told.heard
        assert (announced.job_id, announced.detail["jobStatus"]) == (new.id, "esriJobFailed")
        assert datetime.fromisoformat(announced.ended_at) == ended_at
        assert announced.detail["submittedAt"] == announced.ended_at
        assert "startedAt" not in announced.detail


def test_what_does_not_end_a_job_tells_nothing(
    ledger: Ledger, put: Put, changes: Callable[[], list[Record]]
) -> None:
    for operation, allowed in OPERATIONS.values():
        for source, target in allowed.items():
            if target in OPEN:
                operation(ledger, put(source), FENCE)
    assert changes() == []


@pytest.mark.parametrize("status", [Status.EXECUTING, Status.SUCCEEDED, Status.DELETING])
def test_open_job_whose_row_is_removed_is_counted_as_lost(
    status: Status,
    put: Put,
    changes: Callable[[], list[Record]],
    announcer: AnnounceFunction,
    bus: Told,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = put(status)
    clients.dynamodb_client().delete_item(TableName="jobs", Key={"pk": {"S": job.id}})
    assert announcer.handle({"Records": changes()}) == DONE
    assert bus.calls == []
    is_open = status in OPEN
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [line["Jobs lost"] for line in metrics] == [[1.0]] * is_open
    assert [record.message for record in caplog.records] == ["job lost"] * is_open


def test_later_write_to_the_row_of_a_job_that_is_over_tells_nothing(
    announcer: AnnounceFunction, bus: Told
) -> None:
    record = ended()
    record["dynamodb"]["OldImage"] = record["dynamodb"]["NewImage"]
    assert announcer.handle({"Records": [record]}) == DONE
    assert bus.calls == []


@pytest.mark.parametrize(
    "images",
    [
        {"NewImage": {"pk": {"S": "IDEMP#x"}, "job": {"S": ID}}},
        {"OldImage": encode_item(row(ID, Status.SUCCEEDED, NOW))},
        {"NewImage": encode_item(row(ID, Status.NEW, NOW))},
    ],
    ids=["a key", "a row that expired", "a row that is new"],
)
def test_other_records_tell_nothing(images: dict[str, Any], announcer: AnnounceFunction, bus: Told) -> None:
    record = {"dynamodb": {"SequenceNumber": "1", **images}}
    assert announcer.handle({"Records": [record]}) == DONE
    assert bus.calls == []


@pytest.mark.parametrize("wrong", [{"status": "esriJobLost"}, {"messages": None}, {"submitted_at": "soon"}])
def test_record_that_nobody_understands_holds_up_nothing(
    wrong: dict[str, Any], announcer: AnnounceFunction, bus: Told, caplog: pytest.LogCaptureFixture
) -> None:
    assert announcer.handle({"Records": [ended(1, **wrong), ended(2)]}) == DONE
    assert [told.job_id for told in bus.heard] == [f"j{2:032x}"]
    assert "not understood" in caplog.text


def test_what_is_told_of_a_job() -> None:
    usage = {"queue_ms": 1000, "run_ms": 1500, "peak_bytes": None, "dollars": Decimal("0.000012345")}
    job = Job.from_item(
        row(ID, Status.SUCCEEDED, NOW)
        | {"submitted_at": NOW - 2500, "started_at": NOW - 1500, "owner": "ada", "service": "Town/Maps"}
        | {"root": "https://gis.example.org/arcgis", "usage": usage}
    )
    assert Announcement.of_job(job).detail == {
        "id": f"{ID}-ended",
        "jobId": ID,
        "jobStatus": "esriJobSucceeded",
        "service": "Town/Maps",
        "task": "Buffer",
        "jobUrl": f"https://gis.example.org/arcgis/rest/services/Town/Maps/GPServer/Buffer/jobs/{ID}",
        "owner": "ada",
        "submittedAt": "2023-11-14T22:13:17.500Z",
        "startedAt": "2023-11-14T22:13:18.500Z",
        "endedAt": "2023-11-14T22:13:20.000Z",
        "spent": {"queue_ms": 1000, "run_ms": 1500, "dollars": 0.000012345},
    }


def test_what_there_was_not_is_not_told() -> None:
    detail = Announcement.of_job(Job.from_item(row(ID, Status.CANCELLED, NOW))).detail
    assert detail.keys().isdisjoint({"owner", "submittedAt", "startedAt", "spent"})


def test_record_that_comes_again_is_told_in_the_same_words(announcer: AnnounceFunction, bus: Told) -> None:
    for _ in range(2):
        announcer.handle({"Records": [ended()]})
    assert bus.heard[0] == bus.heard[1]
    assert bus.heard[0].id == f"{ID}-ended"


def test_only_a_service_with_a_webhook_is_queued(announcer: AnnounceFunction, bus: Told, queue: Told) -> None:
    announcer.handle({"Records": [ended(1), ended(2, service="Analysis")]})
    assert [told.job_id for told in bus.heard] == [f"j{1:032x}", f"j{2:032x}"]
    assert [told.job_id for told in queue.heard] == [f"j{1:032x}"]


def test_ten_at_a_time(announcer: AnnounceFunction, bus: Told, queue: Told) -> None:
    assert announcer.handle({"Records": [ended(number) for number in range(23)]}) == DONE
    assert bus.calls == queue.calls == [10, 10, 3]


@pytest.mark.parametrize("who", ["bus", "queue"])
def test_what_is_not_taken_comes_again_and_the_other_is_told_all_the_same(
    who: str, announcer: AnnounceFunction, bus: Told, queue: Told
) -> None:
    failing, other = (bus, queue) if who == "bus" else (queue, bus)
    failing.refused = {f"j{1:032x}"}
    answer = announcer.handle({"Records": [ended(number) for number in range(3)]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "101"}]}
    assert len(other.heard) == 3
    failing.away = True
    answer = announcer.handle({"Records": [ended(number) for number in range(2)]})
    assert [failed["itemIdentifier"] for failed in answer["batchItemFailures"]] == ["100", "101"]


ANNOUNCEMENTS = [Announcement.of_job(Job.from_item(row(f"j{n:032x}", Status.FAILED, NOW))) for n in range(3)]


def test_bus_says_which_events_it_did_not_take(aws: None) -> None:
    client = clients.events_client()
    taken = {"EventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"}
    failed = {"ErrorCode": "ThrottlingException", "ErrorMessage": "Later."}
    with Stubber(client) as stub:
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": [taken, failed, taken]})
        assert EventBus(client).publish(ANNOUNCEMENTS) == {ANNOUNCEMENTS[1].id}
        stub.add_client_error("put_events", "InternalException")
        with pytest.raises(StorageError, match="InternalException"):
            EventBus(client).publish(ANNOUNCEMENTS)


def test_queue_says_which_messages_it_did_not_take(aws: None) -> None:
    client = clients.sqs_client()
    failed = {"Id": "2", "SenderFault": False, "Code": "InternalError"}
    with Stubber(client) as stub:
        stub.add_response("send_message_batch", {"Successful": [], "Failed": [failed]})
        assert SqsWebhookQueue(client, "https://q").send(ANNOUNCEMENTS) == {ANNOUNCEMENTS[2].id}
        stub.add_client_error("send_message_batch", "ServiceUnavailable")
        with pytest.raises(StorageError, match="ServiceUnavailable"):
            SqsWebhookQueue(client, "https://q").send(ANNOUNCEMENTS)


def test_on_aws_put_together_from_the_environment(aws: None, queue_url: str) -> None:
    """The real bus and the real queue take what the real stream tells."""
    announcer = AnnounceFunction.build({"WEBHOOKS_QUEUE_URL": queue_url})
    assert announcer.handle({"Records": [ended(n) for n in range(3)]}) == DONE
    queue = SqsWebhookQueue(clients.sqs_client(), queue_url)
    assert EventBus(clients.events_client()).publish(ANNOUNCEMENTS) == queue.send(ANNOUNCEMENTS) == set()
    messages = clients.sqs_client().receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)["Messages"]
    assert [read_announcement(message["Body"]) for message in messages] == ANNOUNCEMENTS
    assert AnnounceSettings.read({"WEBHOOKS_QUEUE_URL": "https://q"}).webhooks_queue == "https://q"
