"""Readings: a client that asks several times gets the rows of one version, whenever it is overwritten.

The orders are those in which clients ask, recorded or read in their sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from gpserverless.items.changes import announce
from gpserverless.items.find import find_version, read_service
from gpserverless.items.ports import ItemTable
from gpserverless.items.readings import MARKED_MS, PAUSE_MS, STEP_MS, TOTAL_MS, Readings, Step, Way
from gpserverless.items.series import READING_MS, REMEMBERED_MS
from gpserverless.items.service import HostedService
from gpserverless.items.sweep import ItemSweep
from gpserverless.testing import InMemoryItemTable, InMemoryObjectStore, VirtualClock
from tests.items.rig import NOW, put, service

GAP_MS = 100
"""Time between two requests of a client."""

Order = Sequence[tuple[Way, str]]
"""Steps and their conditions."""

ORDERS: dict[str, Order] = {
    "ArcGIS API for Python": [
        *[("first", ""), ("count", ""), ("ids", "")],
        *[("part", "")] * 6,
        ("count", ""),
    ],
    "QGIS": [("whole", ""), ("ids", ""), *[("part", "")] * 5],
    "GDAL": [("first", ""), ("total", ""), ("total", ""), *[("next", "")] * 4],
    "restapi": [("whole", ""), ("again", ""), *[("next", "")] * 4],
    "pyesridump": [("whole", ""), ("count", ""), ("again", ""), *[("next", "")] * 4],
    "Esri Leaflet, two cells": [
        *[("whole", ""), ("first", "west"), ("first", "east")],
        *[("next", "west"), ("next", "east")] * 3,
    ],
}
ROWS = {"first": "pages", "again": "pages", "next": "pages", "ids": "ids", "part": "ids"}
"""Steps that must agree with those of the same condition and the same word."""

COUNTED: dict[str, Order] = {
    "GDAL": ORDERS["GDAL"],
    "pyesridump": ORDERS["pyesridump"],
    "pages at the same time": [("count", ""), ("next", ""), ("again", ""), *[("next", "")] * 4],
}
"""Orders of clients to whom a count tells how many pages there are."""


class World:
    """A service that is overwritten, and its clients."""

    def __init__(self, items: ItemTable | None = None) -> None:
        self.items = items or InMemoryItemTable()
        self.objects = InMemoryObjectStore()
        self.clock = VirtualClock()
        self.sleep(NOW - self.clock.now())
        self.readings = Readings(self.items, self.clock.now)
        self.shown = put(self.items, service(version="v0"))

    def sleep(self, milliseconds: float) -> None:
        self.clock.sleep(milliseconds / 1000)

    def announce(self) -> None:
        write = announce(self.shown, self.clock.now())
        assert write is not None
        assert self.items.write([write])
        shown = read_service(self.items, self.shown.name)
        assert shown is not None
        self.shown = shown

    def overwrite(self) -> None:
        now, before = self.clock.now(), self.shown
        version = f"v{int(before.version[1:]) + 1}"
        series = before.continue_series(now)
        self.shown = put(self.items, replace(before, version=version, modified_at=now, series=series), before)

    def ask(self, way: Way, condition: str = "", client: str = "GDAL", *, has_more: bool = True) -> str:
        """Return the version from which a request is answered."""
        self.sleep(GAP_MS)
        step = Step(way, ("192.0.2.1", client), 0, condition)
        version = self.readings.choose_version(self.shown, step)
        if way in ("first", "again", "next", "part"):
            self.readings.note_page(self.shown, step, version, has_more=has_more)
        return version

    def ask_and_find(self, way: Way) -> str:
        """Return the version from which a request is answered; "" if it is gone, as the error tells."""
        self.sleep(GAP_MS)
        step = Step(way, ("192.0.2.1", "GDAL"))
        version = self.readings.choose_version(self.shown, step)
        if find_version(self.items, self.objects, self.shown, version) is None:
            return ""
        self.readings.note_page(self.shown, step, version, has_more=True)
        return version

    def run(
        self, order: Order, switches: Sequence[int], client: str = "GDAL"
    ) -> Iterator[tuple[Way, str, str]]:
        """Ask in an order, with overwritings before some of the requests; yield who got which version."""
        for number, (way, condition) in enumerate(order):
            for _ in range(switches.count(number)):
                self.sleep(GAP_MS)
                self.overwrite()
            yield way, condition, self.ask(way, condition, client)


def list_switches(order: Order) -> list[tuple[int, ...]]:
    """Return every place, and all twos and threes of places, for overwritings in an order."""
    places = range(len(order))
    return [chosen for count in (1, 2, 3) for chosen in combinations_with_replacement(places, count)]


def list_mixtures(answers: Iterable[tuple[Way, str, str]]) -> list[set[str]]:
    """Return the versions of readings that have more than one."""
    seen: dict[tuple[str, str], set[str]] = {}
    for way, condition, version in answers:
        if way in ROWS:
            seen.setdefault((ROWS[way], condition), set()).add(version)
    return [versions for versions in seen.values() if len(versions) > 1]


@pytest.mark.parametrize("is_followed", [False, True], ids=["the first overwriting", "one of many"])
@pytest.mark.parametrize("client", ORDERS)
def test_rows_of_a_reading_are_of_one_version(client: str, *, is_followed: bool) -> None:
    order = ORDERS[client]
    for switches in list_switches(order):
        world = World()
        if is_followed:
            world.overwrite()
        assert list_mixtures(world.run(order, switches)) == [], switches


@pytest.mark.parametrize("before", ["overwriting", "announcement"])
@pytest.mark.parametrize("client", COUNTED)
def test_count_that_a_client_relies_on_is_of_the_version_of_its_pages(client: str, before: str) -> None:
    order = COUNTED[client]
    for switches in list_switches(order):
        world = World()
        if before == "overwriting":
            world.overwrite()
        else:
            world.announce()
        versions = {version for way, _, version in world.run(order, switches) if way != "whole"}
        assert len(versions) == 1, switches


@pytest.mark.parametrize("client", ORDERS)
def test_two_clients_do_not_disturb_each_other(client: str) -> None:
    order = ORDERS[client]
    for switches in list_switches(order):
        world = World()
        one, other = world.run(order, switches), world.run(order, (), "another")
        by_turns = [*zip(one, other, strict=True)]
        assert list_mixtures(first for first, _ in by_turns) == [], switches
        assert list_mixtures(second for _, second in by_turns) == [], switches


BEFORE: dict[str, Order] = {
    "nothing": [],
    "pages": [("again", ""), ("next", "")],
    "pages of GDAL": ORDERS["GDAL"],
    "ids": ORDERS["QGIS"],
    "a count": [("count", "")],
    "one page of many": [("first", "")],
}


@pytest.mark.parametrize("way", ["whole", "first", "ids", "count", "again"])
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("times", [1, 2])
def test_who_begins_after_an_overwriting_reads_the_new_version(before: str, way: Way, times: int) -> None:
    world = World()
    for _ in range(times):
        [*world.run(BEFORE[before], ())]
        if before.startswith("pages"):
            world.ask("next", has_more=False)
        world.sleep(STEP_MS)  # a job takes longer than that
        world.overwrite()
        assert world.ask(way) == world.shown.version


def test_a_service_that_is_not_overwritten_has_no_marks() -> None:
    world = World()
    rows = {**world.items.rows} if isinstance(world.items, InMemoryItemTable) else {}
    for order in ORDERS.values():
        assert {version for *_, version in world.run(order, ())} == {"v0"}
    assert isinstance(world.items, InMemoryItemTable)
    assert world.items.rows == rows


def test_marks_end_with_the_time_in_which_a_version_is_missed() -> None:
    world = World()
    world.overwrite()
    assert world.ask("first") == "v1"
    world.sleep(REMEMBERED_MS)
    assert isinstance(world.items, InMemoryItemTable)
    marks = {key: row for key, row in world.items.rows.items() if key.startswith("reading#")}
    world.ask("first")
    assert {key: row for key, row in world.items.rows.items() if key.startswith("reading#")} == marks
    assert all(row["ttl_at"] * 1000 <= NOW + MARKED_MS + 1_000 for row in marks.values())


def test_reader_that_began_long_before_the_next_series_stays_with_its_version() -> None:
    world = World()
    world.overwrite()
    world.sleep(REMEMBERED_MS)
    assert world.ask("first") == "v1"  # unmarked
    world.overwrite()
    assert world.shown.series is not None
    assert world.shown.series.first == "v1"
    assert world.ask("next") == "v1"


def test_an_overwriting_is_announced_once_in_a_while() -> None:
    world = World()
    world.announce()
    assert world.ask("first") == "v0"
    assert announce(world.shown, world.clock.now()) is None
    world.sleep(READING_MS)
    world.announce()
    assert world.shown.series is not None
    assert (world.shown.series.first, world.shown.series.began_at) == ("v0", NOW)
    world.overwrite()
    assert world.ask("next") == "v0"


def test_old_mark_of_an_earlier_series_does_not_count() -> None:
    world = World()
    world.overwrite()
    assert world.ask("first") == "v1"
    world.overwrite()
    world.sleep(REMEMBERED_MS)
    assert world.ask("first") == "v2"
    world.overwrite()
    assert world.ask("next") == "v2"


def test_who_pauses_over_the_first_overwriting_is_not_told_from_one_who_begins() -> None:
    world = World()
    assert world.ask("ids") == "v0"
    world.overwrite()
    world.sleep(PAUSE_MS)
    assert world.ask("part") == "v1"


POPUPS: list[Order] = [[("part", "")], [("next", "")]]


@pytest.mark.parametrize("order", POPUPS, ids=["rows by ids", "a later page"])
def test_who_asks_for_some_rows_now_and_then_gets_those_that_are_shown(order: Order) -> None:
    """Such as a map that is open for hours over a service that is overwritten every ten minutes."""
    world = World()
    for _ in range(30):
        world.overwrite()
        world.sleep(PAUSE_MS)
        assert [version for *_, version in world.run(order, ())] == [world.shown.version]
        assert [version for *_, version in world.run(order, ())] == [world.shown.version]
        world.sleep(4 * PAUSE_MS)


@pytest.mark.parametrize("order", POPUPS, ids=["rows by ids", "a later page"])
def test_who_asks_for_some_rows_again_and_again_is_refused_for_a_moment_at_most(order: Order) -> None:
    world = World()
    refused, answered = [], []
    for number in range(240):  # two hours
        if number % 20 == 0:
            world.overwrite()
        world.sleep(PAUSE_MS / 4)
        ItemSweep(world.items, world.objects, world.clock).sweep(world.clock.now() + 1)
        version = world.ask_and_find(order[0][0])
        (answered if version else refused).append(number)
    assert len(refused) < 40
    assert all(set(range(each, each + 6)) & set(answered) for each in refused[:-6])


@pytest.mark.parametrize("begun", ["first", "again", "count"])
def test_row_by_its_id_is_of_the_version_that_its_client_has_begun_to_read(begun: Way) -> None:
    world = World()
    world.announce()
    world.overwrite()
    assert (world.ask(begun), world.ask("part")) == ("v1", "v1")
    assert world.ask("part", client="another") == "v0"


def test_later_page_follows_no_count_of_a_while_ago() -> None:
    world = World()
    assert world.ask("first") == "v0"
    world.overwrite()
    assert world.ask("count") == "v1"
    world.sleep(STEP_MS)
    assert world.ask("next") == "v0"


def test_long_reading_that_began_before_a_series_stays_with_its_version() -> None:
    world = World()
    assert world.ask("ids") == "v0"
    for _ in range(10):
        world.overwrite()
        world.sleep(PAUSE_MS * 3 / 4)
        assert world.ask("part") == "v0"


def test_a_count_long_after_the_first_page_is_of_the_shown_version() -> None:
    world = World()
    world.overwrite()
    assert world.ask("first") == "v1"
    world.overwrite()
    assert world.ask("total") == "v1"
    world.sleep(TOTAL_MS)
    assert (world.ask("total"), world.ask("next")) == ("v2", "v1")


def find(world: World, version: str) -> HostedService | None:
    return find_version(world.items, world.objects, world.shown, version)


def test_replaced_version_is_found_until_it_is_erased(items: ItemTable) -> None:
    world = World(items)
    first = world.shown
    world.overwrite()
    found = find(world, "v0")
    assert found == first
    assert find(world, "v1") == world.shown
    world.sleep(READING_MS)
    assert ItemSweep(items, world.objects, world.clock).sweep(world.clock.now() + 1) == {"erased folder": 1}
    assert find(world, "v0") is None


def test_version_of_a_request_at_the_same_time_is_found(items: ItemTable) -> None:
    world = World(items)
    seen = world.shown
    world.overwrite()
    assert find_version(items, world.objects, seen, "v1") == world.shown


def test_reader_whose_version_is_gone_is_not_answered_from_another(items: ItemTable) -> None:
    world = World(items)
    world.overwrite()
    assert world.ask("ids") == "v1"
    world.overwrite()
    world.sleep(READING_MS)
    ItemSweep(items, world.objects, world.clock).sweep(world.clock.now() + 1)
    version = world.ask("part")
    assert (version, find(world, version)) == ("v1", None)
    assert world.ask("ids") == world.ask("part") == "v2"
