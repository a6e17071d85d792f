"""A job whose features are kept as a hosted service: both succeed, or neither does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gpserverless.caller import Caller, Role
from gpserverless.errors import Cancelled, ToolError
from gpserverless.items.find import read_service
from gpserverless.items.ports import ItemTable, RowWrite
from gpserverless.items.series import Series
from gpserverless.items.service import HostedService
from gpserverless.items.sweep import ItemSweep
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.hosting import Hosting
from gpserverless.jobs.job import Job, Origin
from gpserverless.jobs.keys import layer_key, layer_manifest_key, new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobTable
from gpserverless.jobs.pricing import PRICES
from gpserverless.jobs.status import Status
from gpserverless.jobs.sweep import sweep
from gpserverless.jobs.work import AttemptResult, JobWorker
from gpserverless.storage.item_table import DynamoItemTable
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryItemTable,
    InMemoryJobQueue,
    InMemoryJobTable,
    InMemoryObjectStore,
    VirtualClock,
)
from gpserverless.testing.faults import Fault
from gpserverless.toolkit.call import Call, Output, OutputLayer
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.run import RunResult, Watcher
from tests.items.rig import MANIFEST, ROOT, create_items_table
from tests.jobs.rig import RULES, submit

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Run = Callable[[Call, Watcher, float], RunResult]
URL = f"{ROOT}/rest/services/Hosted/Parcels/FeatureServer"
ANN = Caller("ann", Role.USER)
BOB = Caller("bob", Role.USER)


@pytest.fixture(scope="module")
def dynamodb_items(client: DynamoDBClient) -> DynamoItemTable:
    create_items_table(client)
    return DynamoItemTable(client, "items")


@pytest.fixture(params=["memory", "dynamodb"])
def tables(request: pytest.FixtureRequest) -> tuple[JobTable, ItemTable]:
    if request.param == "memory":
        items = InMemoryItemTable()
        return InMemoryJobTable(items), items
    stored: DynamoItemTable = request.getfixturevalue("dynamodb_items")
    request.getfixturevalue("dynamodb")
    client: DynamoDBClient = request.getfixturevalue("client")
    for table in ("items", "jobs"):  # moto copies both tables for every transaction
        for row in client.scan(TableName=table, ProjectionExpression="pk")["Items"]:
            client.delete_item(TableName=table, Key=row)
    return DynamoJobTable(client, "jobs", "items"), stored


class Bench:
    """Workers that keep what they are asked to keep, and a reaper."""

    def __init__(self, tables: tuple[JobTable, ItemTable], folder: Path) -> None:
        self.faults = FaultInjection()
        self.clock = VirtualClock()
        self.items = tables[1]
        self.objects = InMemoryObjectStore()
        self.ledger = Ledger(FaultyPort(tables[0], self.faults), RULES, self.clock)
        self.stored = FaultyPort(self.objects, self.faults)
        self.queue = InMemoryJobQueue()
        self._folder = folder
        self.days, self.registers = 0, False

    def submit(self, wish: str | dict[str, Any] = "Parcels", caller: Caller = ANN) -> str:
        text = wish if isinstance(wish, str) else json.dumps(wish)
        call = Call("Samples", "Buffer", {"points": "{}", SERVICE_NAME: text}, caller=caller)
        job_id = new_job_id()
        origin = Origin(caller.name, ROOT)
        submit(job_id, call, ledger=self.ledger, objects=self.objects, queue=self.queue, origin=origin)
        self.faults.calls.clear()
        return job_id

    def make(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        """A tool with two layers, of which one is a table, and a text."""
        assert call.with_layers
        zones, rows = self._folder / "zones.sqlite", self._folder / "rows.sqlite"
        zones.write_bytes(b"z" * 100)
        rows.write_bytes(b"r" * 50)
        table = replace(MANIFEST, name="Rows", geometry_type="", spatial_reference=None, extent=None, count=1)
        return RunResult(
            (
                Output("zones", "GPFeatureRecordSetLayer", b'{"value":1}', layer=layer(zones, MANIFEST)),
                Output("text", "GPString", b'{"value":"x"}'),
                Output("rows", "GPRecordSet", b'{"value":2}', layer=layer(rows, table)),
            )
        )

    def work(self, job_id: str, run: Run | None = None, fence: str = "feed") -> AttemptResult:
        hosting = Hosting(FaultyPort(self.items, self.faults), self.clock, self.days, self.registers)
        worker = JobWorker(self.ledger, self.stored, run or self.make, hosting=hosting)
        return worker.work(job_id, 900_000, fence)

    def run(self, wish: str | dict[str, Any] = "Parcels", caller: Caller = ANN) -> Job:
        job_id = self.submit(wish, caller)
        self.work(job_id)
        return self.job(job_id)

    def reap(self) -> None:
        """Let two days pass, and everything be done that the reaper does by then."""
        self.clock.sleep(2 * 86_400)
        ItemSweep(self.items, self.objects, self.clock).sweep(self.clock.now() + 60_000)

    def job(self, job_id: str) -> Job:
        job = self.ledger.read(job_id)
        assert job is not None
        return job

    @property
    def service(self) -> HostedService | None:
        return read_service(self.items, "Parcels")

    def list_hosted(self) -> set[str]:
        return {key for key in self.objects.bodies if key.startswith("hosted/")}


def layer(path: Path, manifest: Any) -> OutputLayer:
    return OutputLayer(path, replace(manifest, size=path.stat().st_size))


def overwrite(**item: Any) -> dict[str, Any]:
    return {"serviceProperties": {"name": "parcels"}, "itemProperties": {"overwrite": True, **item}}


def texts(job: Job) -> list[str]:
    return [message.text for message in job.messages]


@pytest.fixture
def bench(tables: tuple[JobTable, ItemTable], tmp_path: Path) -> Bench:
    return Bench(tables, tmp_path)


def test_job_that_names_a_service_leaves_its_layers_there(bench: Bench) -> None:
    job = bench.run()
    assert job.status is Status.SUCCEEDED
    values = {name: json.loads(bench.objects.get(each.key))["value"] for name, each in job.results.items()}
    assert values == {"zones": {"url": f"{URL}/0"}, "text": "x", "rows": {"url": f"{URL}/1"}}
    shown = bench.service
    assert shown is not None
    assert (shown.name, shown.owner, shown.job_id, shown.expires_at) == ("Parcels", "ann", job.id, None)
    assert [(each.number, each.manifest.name, each.manifest.size) for each in shown.layers] == [
        (0, "Zones", 100),
        (1, "Rows", 50),
    ]
    assert [bench.objects.get(each.key) for each in shown.layers] == [b"z" * 100, b"r" * 50]
    assert bench.list_hosted() == {f"hosted/{shown.id}/{shown.version}/{n}.sqlite" for n in (0, 1)}
    assert f"Wrote 3 features to {URL}/0." in texts(job)
    assert f"Wrote 1 row to {URL}/1." in texts(job)
    assert texts(job)[-1].startswith("Succeeded at ")


def test_job_tells_that_the_portal_hears_of_its_service(bench: Bench) -> None:
    def told(wish: str) -> bool:
        return any(text.startswith("The portal is told of the service.") for text in texts(bench.run(wish)))

    assert not told("Parcels")
    bench.registers = True
    assert told("Others")
    assert not told("")


def test_service_lives_longer_than_its_job(bench: Bench) -> None:
    job, before = bench.run(), bench.list_hosted()
    bench.objects.erase(f"jobs/{job.id}/")
    bench.reap()
    assert (bench.list_hosted(), len(before)) == (before, 2)


def test_service_is_kept_for_the_days_of_the_site(bench: Bench) -> None:
    bench.days = 1
    job = bench.run()
    shown = bench.service
    assert shown is not None
    assert shown.expires_at == bench.clock.now() + 86_400_000
    assert any(text.endswith("(kept until 2023-11-15 22:13 UTC).") for text in texts(job))
    bench.reap()
    bench.reap()
    assert (bench.service, bench.list_hosted()) == (None, set())


def test_layers_of_a_job_lie_beside_its_results_and_their_row_entry_is_short(bench: Bench) -> None:
    job = bench.run("")
    assert job.status is Status.SUCCEEDED
    assert bench.list_hosted() == set()
    stored = job.results["zones"]
    assert bench.objects.get(stored.key) == b'{"value":1}'
    assert (stored.layer_size, job.results["text"].layer_size) == (100, 0)
    assert bench.objects.get(layer_key(stored.key)) == b"z" * 100
    assert layer_key(stored.key) == f"jobs/{job.id}/1-feed/zones.sqlite"
    manifest = json.loads(bench.objects.get(layer_manifest_key(stored.key)))
    assert (manifest["name"], manifest["count"]) == ("Zones", 3)


def test_bill_counts_the_layers_and_the_objects_of_the_service(bench: Bench) -> None:
    def cost(wish: str) -> Any:
        usage = bench.run(wish).usage
        assert usage is not None
        return usage.dollars

    assert cost("Parcels") - cost("") == 2 * PRICES.put


def test_second_job_of_a_name_fails_and_leaves_the_service_untouched(bench: Bench) -> None:
    bench.run()
    before, hosted = bench.service, bench.list_hosted()
    job = bench.run("PARCELS")
    assert (job.status, job.results) == (Status.FAILED, {})
    assert any("there is a hosted service 'Parcels' already" in text for text in texts(job))
    assert (bench.service, bench.list_hosted()) == (before, hosted)


def test_name_that_is_taken_while_the_tool_runs_fails_the_job(bench: Bench) -> None:
    late = bench.submit()

    bench.faults.schedule("succeed", "down")
    original = bench.clock.sleep

    def sleep(seconds: float) -> None:  # between the plan of the late job and its second try
        bench.clock.sleep = original  # type: ignore[method-assign]
        other = bench.submit(caller=BOB)
        bench.work(other, fence="beef")
        original(seconds)

    bench.clock.sleep = sleep  # type: ignore[method-assign]
    bench.work(late)
    job = bench.job(late)
    assert (job.status, job.results) == (Status.FAILED, {})
    assert any("there is a hosted service 'Parcels' already" in text for text in texts(job))
    shown = bench.service
    assert shown is not None
    assert shown.owner == "bob"
    bench.reap()
    assert bench.list_hosted() == {each.key for each in shown.layers}


def test_overwriting_switches_at_once_and_readers_of_the_old_version_go_on(bench: Bench) -> None:
    bench.run({**overwrite(tags="a,b", description="First"), "serviceProperties": {"name": "Parcels"}})
    old = bench.service
    assert old is not None
    job = bench.run(overwrite(tags=["c"], snippet="Second"))
    new = bench.service
    assert (job.status, new is not None) == (Status.SUCCEEDED, True)
    assert new is not None
    assert (new.id, new.name, new.created_at) == (old.id, "Parcels", old.created_at)
    assert (new.version != old.version, new.job_id) == (True, job.id)
    assert (new.description, new.snippet, new.tags) == ("First", "Second", ("a", "b", "c"))
    assert json.loads(bench.objects.get(job.results["zones"].key))["value"] == {"url": f"{URL}/0"}
    for each in (*old.layers, *new.layers):
        assert bench.objects.get(each.key)
    bench.reap()
    assert bench.list_hosted() == {each.key for each in new.layers}


@pytest.mark.parametrize(
    ("caller", "wish", "status", "name"),
    [
        (BOB, overwrite(), Status.FAILED, None),
        (replace(ANN, services=frozenset({"Samples"})), overwrite(), Status.FAILED, None),
        (
            replace(ANN, services=frozenset({"Samples", "Hosted/Parcels"})),
            overwrite(),
            Status.SUCCEEDED,
            "Parcels",
        ),
        (BOB, overwrite(newFeatureServiceOnOverwriteFail=True), Status.SUCCEEDED, "parcels_1"),
        (Caller("root", Role.ADMINISTRATOR), overwrite(), Status.SUCCEEDED, "Parcels"),
    ],
)
def test_others_do_not_overwrite(
    bench: Bench, caller: Caller, wish: dict[str, Any], status: Status, name: str | None
) -> None:
    bench.run()
    before = bench.service
    job = bench.run(wish, caller)
    assert job.status is status
    assert (bench.service == before) == (name != "Parcels")
    if name is not None:
        shown = read_service(bench.items, name)
        assert shown is not None
        assert (shown.name, shown.job_id) == (name, job.id)
        assert shown.owner == ("ann" if name == "Parcels" else "bob")


def test_two_jobs_that_take_the_same_other_name_at_the_same_time_get_one_each(bench: Bench) -> None:
    bench.run()
    wish = overwrite(newFeatureServiceOnOverwriteFail=True)
    late = bench.submit(wish, BOB)

    bench.faults.schedule("succeed", "down")
    original = bench.clock.sleep

    def sleep(seconds: float) -> None:
        bench.clock.sleep = original  # type: ignore[method-assign]
        bench.work(bench.submit(wish, BOB), fence="beef")
        original(seconds)

    bench.clock.sleep = sleep  # type: ignore[method-assign]
    assert bench.work(late).outcome == "esriJobWaiting"
    assert any(
        "was taken at the same moment; the job will be tried again" in t for t in texts(bench.job(late))
    )
    bench.work(late, fence="f00d")
    job = bench.job(late)
    assert job.status is Status.SUCCEEDED
    names = ("parcels_1", "parcels_2")
    first, second = (read_service(bench.items, name) for name in names)
    assert first is not None
    assert second is not None
    assert second.job_id == late
    assert json.loads(bench.objects.get(job.results["zones"].key))["value"]["url"].endswith(
        "/parcels_2/FeatureServer/0"
    )
    bench.reap()
    shown = [each for each in (bench.service, first, second) if each is not None]
    assert bench.list_hosted() == {layer.key for each in shown for layer in each.layers}


def test_two_jobs_that_overwrite_at_the_same_time_both_succeed_one_after_the_other(bench: Bench) -> None:
    bench.run()
    first = bench.submit(overwrite(tags="first"))

    bench.faults.schedule("succeed", "down")
    original = bench.clock.sleep

    def sleep(seconds: float) -> None:
        bench.clock.sleep = original  # type: ignore[method-assign]
        bench.work(bench.submit(overwrite(tags="second")), fence="beef")
        original(seconds)

    bench.clock.sleep = sleep  # type: ignore[method-assign]
    bench.work(first)
    assert bench.job(first).status is Status.SUCCEEDED
    shown = bench.service
    assert shown is not None
    assert (shown.job_id, shown.tags) == (first, ("second", "first"))
    bench.reap()
    assert bench.list_hosted() == {each.key for each in shown.layers}


def test_tags_do_not_grow_with_every_overwriting(bench: Bench) -> None:
    assert bench.run(overwrite(tags=[f"a{n}" for n in range(60)])).status is Status.SUCCEEDED
    job = bench.run(overwrite(tags=[f"b{n}" for n in range(41)]))
    assert job.status is Status.FAILED
    assert any(
        "with those that it has, the hosted service would have 101 tags" in text for text in texts(job)
    )
    assert bench.run(overwrite(tags=[f"b{n}" for n in range(40)])).status is Status.SUCCEEDED
    assert bench.service is not None
    assert len(bench.service.tags) == 100


def test_overwriting_is_announced_before_its_tool_runs(bench: Bench) -> None:
    bench.run()
    first = bench.service
    assert first is not None
    seen: list[HostedService | None] = []

    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        seen.append(bench.service)
        return bench.make(call, watcher, seconds)

    bench.work(bench.submit(overwrite()), run, fence="beef")
    assert seen
    assert all(each and each.series and each.series.first == each.version == first.version for each in seen)
    assert bench.service is not None
    assert bench.service.series is not None
    assert bench.service.series.first == first.version


def test_success_whose_answer_was_lost_stands_though_another_job_has_announced_its_own(bench: Bench) -> None:
    bench.run()
    job_id = bench.submit(overwrite())
    bench.faults.schedule("succeed", "lost")
    original = bench.clock.sleep

    def sleep(seconds: float) -> None:
        bench.clock.sleep = original  # type: ignore[method-assign]
        shown = bench.service
        assert shown is not None
        assert bench.items.write([RowWrite("service#parcels", _announced(shown), {"id": shown.id})])
        original(seconds)

    bench.clock.sleep = sleep  # type: ignore[method-assign]
    bench.work(job_id, fence="beef")
    assert bench.job(job_id).status is Status.SUCCEEDED
    assert bench.service is not None
    assert bench.service.job_id == job_id


def _announced(shown: HostedService) -> dict[str, Any]:
    return replace(shown, series=Series(shown.version, 1, 1)).to_row()


def test_overwriting_that_cannot_be_announced_is_made(bench: Bench) -> None:
    bench.run()
    job_id = bench.submit(overwrite())
    bench.faults.schedule("write items", "down", "down")
    bench.work(job_id, fence="beef")
    assert bench.faults.calls.count("write items") == 3
    assert bench.job(job_id).status is Status.SUCCEEDED
    assert bench.service is not None
    assert bench.service.job_id == job_id


STEPS: list[tuple[str, tuple[Fault, ...]]] = [
    ("write items", ("down",)),
    ("write items", ("refused",)),
    ("write items", ("lost",)),
    ("write items", ("again",)),
    ("put file", ("down",)),
    ("put file", ("lost",)),
    ("put file", ("", "refused")),
    ("put file", ("", "", "down")),
    ("put", ("down",)),
    ("put", ("", "", "lost")),
    ("succeed", ("down",)),
    ("succeed", ("lost",)),
    ("succeed", ("lost", "lost")),
    ("succeed", ("again",)),
    ("succeed", ("refused",)),
    ("succeed", ("down",) * 60),
]


@pytest.mark.parametrize(("call", "faults"), STEPS, ids=lambda each: "-".join(each)[:30])
def test_crash_at_any_step_leaves_neither_a_success_without_its_service_nor_the_reverse(
    bench: Bench, call: str, faults: tuple[Fault, ...]
) -> None:
    job_id = bench.submit()
    bench.faults.schedule(call, *faults)
    bench.work(job_id)
    bench.faults.clear()
    seen = (bench.job(job_id).status is Status.SUCCEEDED, bench.service is not None)
    assert seen in ((True, True), (False, False))
    for fence in ("a1", "a2", "a3"):  # the reaper wakes another worker until the job is over
        bench.clock.sleep(RULES.lease_ms / 1000 + 1)
        sweep(bench.ledger, {"core": bench.queue}, bench.clock.now() + 60_000)
        bench.work(job_id, fence=fence)
    job, shown = bench.job(job_id), bench.service
    assert (job.status is Status.SUCCEEDED) == (shown is not None) == ("refused" not in faults)
    assert job.status.is_final
    bench.reap()
    expected = {each.key for each in shown.layers} if shown else set()
    assert bench.list_hosted() == expected


def test_cancelled_job_leaves_no_service(bench: Bench) -> None:
    job_id = bench.submit()

    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        made = bench.make(call, watcher, seconds)
        cancel(bench.ledger, bench.job(job_id))
        return made

    bench.work(job_id, run)
    assert bench.job(job_id).status is Status.CANCELLED
    bench.reap()
    assert (bench.service, bench.list_hosted()) == (None, set())


def test_worker_that_lost_its_lease_shows_nothing_and_its_successor_does(bench: Bench) -> None:
    job_id = bench.submit()

    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        made = bench.make(call, watcher, seconds)
        bench.clock.sleep(RULES.lease_ms / 1000 + 1)
        sweep(bench.ledger, {"core": bench.queue}, bench.clock.now() + 60_000)
        bench.work(job_id, fence="beef")
        return made

    bench.work(job_id, run)
    assert bench.job(job_id).done_by == "beef"
    shown = bench.service
    assert shown is not None
    assert shown.version.startswith("beef")
    bench.reap()
    assert bench.list_hosted() == {each.key for each in shown.layers}


@pytest.mark.parametrize("error", [ToolError("No."), Cancelled("x")])
def test_failed_run_writes_no_object_of_a_service(bench: Bench, error: BaseException) -> None:
    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        raise error

    job_id = bench.submit()
    bench.work(job_id, run)
    assert (bench.service, bench.list_hosted()) == (None, set())


def test_worker_that_keeps_nothing_does_not_pass_over_the_name(bench: Bench) -> None:
    job_id = bench.submit()
    JobWorker(bench.ledger, bench.stored, bench.make).work(job_id, 900_000)
    job = bench.job(job_id)
    assert job.status is Status.FAILED
    assert any("this site keeps no features" in text for text in texts(job))
