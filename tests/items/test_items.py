"""Hosted services in their table: shown, replaced, removed, expired; and the folders of their objects."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from gpserverless.app.reaper import ReaperFunction
from gpserverless.caller import ANYBODY, Caller, Role
from gpserverless.errors import Forbidden, InvalidParameter, NotFound
from gpserverless.items.changes import open_folder, publish
from gpserverless.items.find import find_service, list_services, read_service
from gpserverless.items.names import folder_key
from gpserverless.items.ports import ItemTable, RowWrite
from gpserverless.items.removal import remove_service
from gpserverless.items.request import ServiceRequest
from gpserverless.items.series import READING_MS
from gpserverless.items.service import HostedLayer, HostedService, dump_layers
from gpserverless.items.sweep import ItemSweep
from gpserverless.items.target import Target, choose_target
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryJobTable,
    InMemoryObjectStore,
    VirtualClock,
)
from tests.items.rig import MANIFEST, NOW, put, service

ANN, BOB = Caller("ann", Role.USER), Caller("bob", Role.USER)
ADMINISTRATOR = Caller("root", Role.ADMINISTRATOR)
MANY = 250
"""Services; DynamoDB lists them in several pages here."""
OVERWRITE = ServiceRequest("parcels", overwrite=True)


@pytest.fixture
def objects() -> InMemoryObjectStore:
    return InMemoryObjectStore()


@pytest.fixture
def clock() -> VirtualClock:
    clock = VirtualClock()
    clock.sleep((NOW - clock.now()) / 1000)
    return clock


def sweep(items: ItemTable, objects: InMemoryObjectStore, clock: VirtualClock) -> Counter[str]:
    return ItemSweep(items, objects, clock).sweep(clock.now() + 60_000)


def write_objects(objects: InMemoryObjectStore, shown: HostedService) -> None:
    for layer in shown.layers:
        objects.put(layer.key, b"SQLite", "")


def test_service_is_found_by_its_name_in_any_case_and_by_its_id(
    items: ItemTable, objects: InMemoryObjectStore
) -> None:
    shown = put(items, service("Parcels", description="Text", tags=("a", "b"), owner="ann"))
    assert find_service(items, objects, "pARCELS", NOW) == shown
    assert items.find(shown.id) == "service#parcels"
    assert items.find("0" * 32) is None
    assert [each.name for each in list_services(items, NOW)] == ["Parcels"]
    assert items.read(folder_key(shown.folder)) is None
    assert find_service(items, objects, "other", NOW) is None


def test_long_descriptions_of_layers_are_read_from_their_object(
    items: ItemTable, objects: InMemoryObjectStore
) -> None:
    fields = tuple({"name": f"field_{n}", "alias": "a" * 200} for n in range(1_000))
    layers = (HostedLayer(0, "k", replace(MANIFEST, fields=fields)),)
    shown = put(items, service(layers=layers))
    objects.put(shown.layers_key, dump_layers(layers), "application/json")
    assert (items.read("service#parcels") or {})["layers"] == ""
    assert find_service(items, objects, "Parcels", NOW) == shown


def test_list_has_all_services_of_many_pages_and_nothing_else(items: ItemTable) -> None:
    for number in range(MANY):
        shown = service(f"Parcels_{number}", owner="ann" if number % 2 else "", id=f"{number:032x}")
        items.replace(shown.to_row())
    put(items, service("Old", expires_at=NOW))
    replaced = put(items, service("Roads"))
    put(items, replace(replaced, version="v2"), replaced)
    names = [each.name for each in list_services(items, NOW) if each.belongs_to(BOB)]
    assert names == sorted([*(f"Parcels_{number}" for number in range(0, MANY, 2)), "Roads"], key=str.lower)


def test_second_service_of_a_name_is_not_written(items: ItemTable) -> None:
    first = put(items, service())
    second = service("PARCELS", version="v2", id="2" * 32)
    assert items.write([open_folder(second, NOW)])
    assert not items.write(publish(second, None))
    assert read_service(items, "parcels") == first
    assert items.read(folder_key(second.folder)) is not None


def test_write_that_is_repeated_is_answered_like_the_first(items: ItemTable) -> None:
    first = put(items, service())
    assert items.write(publish(first, None))
    assert not items.write(publish(replace(first, job_id="j2"), None))


def test_replaced_version_is_erased_when_nobody_can_read_it_any_more(
    items: ItemTable, objects: InMemoryObjectStore, clock: VirtualClock
) -> None:
    first = put(items, service())
    second = replace(first, version="v2", layers=(HostedLayer(0, "hosted/2", MANIFEST),))
    write_objects(objects, first)
    put(items, second, first)
    objects.put("hosted/2", b"SQLite", "")
    assert find_service(items, objects, "Parcels", NOW) == second
    clock.sleep(READING_MS / 1000 - 1)
    assert (sweep(items, objects, clock), set(objects.bodies)) == ({}, {first.layers[0].key, "hosted/2"})
    clock.sleep(1)
    assert (sweep(items, objects, clock), set(objects.bodies)) == ({"erased folder": 1}, {"hosted/2"})
    assert sweep(items, objects, clock) == {}


def test_two_who_replace_the_same_version_do_not_both_succeed(items: ItemTable) -> None:
    first = put(items, service())
    put(items, replace(first, version="v2"), first)
    late = replace(first, version="v3")
    assert items.write([open_folder(late, NOW)])
    assert not items.write(publish(late, first))


def test_folder_of_a_job_that_never_ended_is_erased_and_cannot_be_shown_then(
    items: ItemTable, objects: InMemoryObjectStore, clock: VirtualClock
) -> None:
    lost = service()
    assert items.write([open_folder(lost, NOW + 1_000)])
    write_objects(objects, lost)
    assert sweep(items, objects, clock) == {}
    clock.sleep(1)
    assert sweep(items, objects, clock) == {"erased folder": 1}
    assert objects.bodies == {}
    assert not items.write(publish(lost, None))
    assert read_service(items, "Parcels") is None


@pytest.mark.parametrize("call", ["erase objects", "write items"])
def test_erasing_that_broke_off_is_completed_and_the_folder_is_never_shown(
    items: ItemTable, objects: InMemoryObjectStore, clock: VirtualClock, call: str
) -> None:
    lost = service()
    assert items.write([open_folder(lost, NOW)])
    write_objects(objects, lost)
    faults = FaultInjection()
    faults.schedule(call, *(["", "down"] if call == "write items" else ["down"]))
    faulty = ItemSweep(FaultyPort(items, faults), FaultyPort(objects, faults), clock)
    assert faulty.sweep(NOW + 1_000) == {"unreachable item": 1}
    assert not items.write(publish(lost, None))
    assert sweep(items, objects, clock) == {"erased folder": 1}
    assert objects.bodies == {}


def test_expired_service_is_hidden_at_once_and_erased_later(
    items: ItemTable, objects: InMemoryObjectStore, clock: VirtualClock
) -> None:
    shown = put(items, service(expires_at=NOW + 1_000))
    write_objects(objects, shown)
    assert find_service(items, objects, "Parcels", NOW + 999) is not None
    assert find_service(items, objects, "Parcels", NOW + 1_000) is None
    clock.sleep(1)
    assert sweep(items, objects, clock) == {"expired service": 1}
    assert (read_service(items, "Parcels"), len(objects.bodies)) == (None, 1)
    clock.sleep(READING_MS / 1000)
    assert sweep(items, objects, clock) == {"erased folder": 1}
    assert objects.bodies == {}


def test_unreadable_row_does_not_stop_the_sweep(
    items: ItemTable, objects: InMemoryObjectStore, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    odd = replace(service("Odd"), expires_at=NOW - 5)
    put(items, odd)
    row = dict(items.read("service#odd") or {})
    assert items.write([RowWrite("service#odd", {**row, "layers": "["}, {"id": odd.id})])
    put(items, service("Even", expires_at=NOW - 1))
    assert sweep(items, objects, clock) == {"unreadable item": 1, "expired service": 1}


@pytest.mark.parametrize("caller", [ANN, ADMINISTRATOR])
def test_owner_and_administrator_remove_a_service(items: ItemTable, caller: Caller) -> None:
    put(items, service(owner="ann"))
    remove_service(items, "parcels", caller, NOW)
    assert read_service(items, "Parcels") is None
    with pytest.raises(NotFound):
        remove_service(items, "parcels", caller, NOW)


@pytest.mark.parametrize("caller", [BOB, ANYBODY])
def test_others_do_not_remove_it(items: ItemTable, caller: Caller) -> None:
    shown = put(items, service(owner="ann"))
    with pytest.raises(Forbidden):
        remove_service(items, "parcels", caller, NOW)
    assert read_service(items, "Parcels") == shown


TARGETS = [
    ("name that is free", ServiceRequest("New"), ANN, ("New", False)),
    ("overwriting of what is not there", ServiceRequest("New", overwrite=True), ANN, ("New", False)),
    ("own service", OVERWRITE, ANN, ("Parcels", True)),
    ("service of another, as an administrator", OVERWRITE, ADMINISTRATOR, ("Parcels", True)),
    ("service of another, with another name", replace(OVERWRITE, renames=True), BOB, ("parcels_2", False)),
    ("its id", ServiceRequest(service_id=service("Parcels").id, overwrite=True), ANN, ("Parcels", True)),
    ("name that has expired", ServiceRequest("Old"), BOB, ("Old", False)),
]


@pytest.mark.parametrize(
    ("request_", "caller", "expected"), [t[1:] for t in TARGETS], ids=[t[0] for t in TARGETS]
)
def test_target_of_a_wish(
    items: ItemTable, request_: ServiceRequest, caller: Caller, expected: tuple[str, bool]
) -> None:
    for each in ("Parcels", "Parcels_1"):
        put(items, service(each, owner="ann"))
    put(items, service("Old", owner="ann", expires_at=NOW))
    target = choose_target(items, request_, caller, NOW)
    assert (target.name, target.replaces) == expected


@pytest.mark.parametrize(
    ("request_", "caller", "problem"),
    [
        (ServiceRequest("PARCELS"), ANN, "there is a hosted service 'Parcels' already"),
        (OVERWRITE, BOB, "belongs to another user"),
        (OVERWRITE, ANYBODY, "belongs to another user"),
        (ServiceRequest("Gone", must_exist=True, overwrite=True), ANN, "there is no hosted service 'Gone'"),
        (
            ServiceRequest(service_id="0" * 32, must_exist=True, overwrite=True),
            ANN,
            "no hosted service of the id",
        ),
    ],
)
def test_wish_that_cannot_be_met(
    items: ItemTable, request_: ServiceRequest, caller: Caller, problem: str
) -> None:
    put(items, service(owner="ann"))
    with pytest.raises(InvalidParameter, match=problem):
        choose_target(items, request_, caller, NOW)


def test_expired_service_gives_its_name_to_a_new_one(items: ItemTable) -> None:
    old = put(items, service(owner="ann", expires_at=NOW))
    assert choose_target(items, ServiceRequest("Parcels"), BOB, NOW) == Target("Parcels", old)


def test_operator_deletes_a_service_by_its_name_and_the_reaper_erases_it(
    items: ItemTable, objects: InMemoryObjectStore, clock: VirtualClock
) -> None:
    write_objects(objects, put(items, service(owner="ann")))
    reaper = ReaperFunction(Ledger(InMemoryJobTable(), JobRules(), clock), {}, objects, items)
    answer = reaper.handle({"delete": ["Hosted/parcels", "Hosted/other"]}, 50_000)
    assert answer == {
        "deleted": ["Hosted/parcels"],
        "refused": {"Hosted/other": "Hosted service 'other' not found."},
    }
    assert read_service(items, "Parcels") is None
    clock.sleep(READING_MS / 1000)
    assert reaper.handle({}, 50_000) == {"erased folder": 1}
    assert objects.bodies == {}
