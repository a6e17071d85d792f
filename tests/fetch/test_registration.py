"""Hosted services in a portal: an item for each, changed and removed with it, whatever the portal does."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from gpserverless.app.registration import (
    PAUSE_SECONDS,
    RegistrationFunction,
    RegistrationSettings,
    make_open_portal,
)
from gpserverless.errors import InvalidValue, SettingsError
from gpserverless.fetch import portal as portal_module
from gpserverless.fetch.http_fetcher import FetchRequest
from gpserverless.fetch.portal import Portal, PortalLogin
from gpserverless.items.portal_item import read_portal_item
from gpserverless.items.service import HostedService
from gpserverless.storage.attributes import encode_item
from gpserverless.testing.item_table import InMemoryItemTable
from tests.fake_portal import API_TOKEN, PASSWORD, USER, FakePortal, Fault, serve_portal
from tests.items.rig import service
from tests.patience import LONG

ROOT = "https://site.test/arcgis"
TEXTS = {"snippet": "Short", "description": "Long & <b>bold</b>"}
PARCELS = service("Parcels", root=ROOT, tags=("land", "a,b"), **TEXTS)
OVERWRITTEN = replace(PARCELS, version="v2", description="Longer")


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with serve_portal() as served:
        yield served


@pytest.fixture
def items() -> InMemoryItemTable:
    return InMemoryItemTable()


def make_function(
    portal: FakePortal,
    items: InMemoryItemTable,
    read_seconds: Callable[[], float] = time.monotonic,
    **given: str,
) -> RegistrationFunction:
    secret = given or {"portal_password": PASSWORD}
    known = {"portal_password": "", "portal_token": "", **secret}
    settings = RegistrationSettings("items", portal.url, USER, **known)
    return RegistrationFunction(items, make_open_portal(settings), read_seconds)


def tell(function: RegistrationFunction, before: HostedService | None, after: HostedService | None) -> bool:
    """Hand a change to the function, and return whether it is done with."""
    images = {
        name: encode_item(each.to_row())
        for name, each in (("OldImage", before), ("NewImage", after))
        if each is not None
    }
    record = {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", **images}}
    failures = function.handle({"Records": [record]})["batchItemFailures"]
    assert failures in ([], [{"itemIdentifier": "1"}])
    return not failures


def known(items: InMemoryItemTable) -> str:
    item = read_portal_item(items, "parcels")
    return "" if item is None else item.item_id


SECRETS = [{"portal_password": PASSWORD}, {"portal_token": API_TOKEN}]


@pytest.mark.parametrize("secret", SECRETS)
def test_service_has_an_item_as_long_as_it_is_there(
    portal: FakePortal, items: InMemoryItemTable, secret: dict[str, str]
) -> None:
    function = make_function(portal, items, **secret)
    assert tell(function, None, PARCELS)
    ((item_id, item),) = portal.items.items()
    assert known(items) == item_id
    assert item == {
        "type": "Feature Service",
        "title": "Parcels",
        "url": f"{ROOT}/rest/services/Hosted/Parcels/FeatureServer",
        "tags": "land,a b",
        **TEXTS,
        "typeKeywords": f"GPServerless,GPServerless-{PARCELS.id}",
    }
    assert tell(function, PARCELS, OVERWRITTEN)
    assert portal.items == {item_id: {**item, "description": "Longer"}}
    assert known(items) == item_id
    assert tell(function, OVERWRITTEN, None)
    assert (portal.items, known(items), items.rows) == ({}, "", {})


def test_change_that_comes_again_is_followed_once(portal: FakePortal, items: InMemoryItemTable) -> None:
    function = make_function(portal, items)
    assert tell(function, None, PARCELS)
    asked = list(portal.asked)
    assert tell(function, None, PARCELS)
    assert portal.asked == asked


def test_item_whose_row_was_not_written_is_found_again(portal: FakePortal, items: InMemoryItemTable) -> None:
    assert tell(make_function(portal, items), None, PARCELS)
    assert tell(make_function(portal, InMemoryItemTable()), None, PARCELS)
    assert len(portal.items) == 1


def test_item_that_somebody_has_removed_is_added_again(portal: FakePortal, items: InMemoryItemTable) -> None:
    function = make_function(portal, items)
    assert tell(function, None, PARCELS)
    portal.items.clear()
    assert tell(function, PARCELS, OVERWRITTEN)
    assert list(portal.items) == [known(items)]


def test_new_service_of_an_old_name_gets_another_item(portal: FakePortal, items: InMemoryItemTable) -> None:
    function = make_function(portal, items)
    assert tell(function, None, PARCELS)
    first = known(items)
    portal.faults["delete"] = [lambda handler: handler.send(200, b'{"error": {"code": 403}}')]
    assert tell(function, PARCELS, None)  # a result must not name it, though the portal keeps it
    assert known(items) == ""
    assert tell(function, None, replace(PARCELS, id="f" * 32))
    assert known(items) not in ("", first)


def test_service_without_an_item_is_removed(portal: FakePortal, items: InMemoryItemTable) -> None:
    assert tell(make_function(portal, items), PARCELS, None)
    assert portal.asked == ["generateToken", "search"]


def test_token_that_expired_is_replaced_once(portal: FakePortal, items: InMemoryItemTable) -> None:
    portal.faults["addItem"] = [lambda handler: handler.send(200, b'{"error": {"code": 498}}')]
    assert tell(make_function(portal, items), None, PARCELS)
    assert portal.asked.count("generateToken") == 2
    assert known(items) in portal.items


def hang(handler: Any) -> None:
    handler.portal.stop.wait(LONG)


def drip(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not handler.portal.stop.wait(0.05):
        handler.wfile.write(b" ")


def send(status: int, body: bytes, **headers: str) -> Fault:
    return lambda handler: handler.send(status, body, **headers)


def echo(handler: Any) -> None:
    handler.send(200, b'{"error": {"code": 500, "message": "%s"}}' % str(handler.form).encode())


FAULTS = {
    "status 401": (send(401, b""), True),
    "status 500": (send(500, b"Traceback"), True),
    "status 403": (send(403, b""), True),
    "busy for long": (send(503, b"", retry_after="600"), True),
    "silent": (hang, True),
    "never ending": (drip, True),
    "HTML": (send(200, b"<html>Sign in</html>", content_type="text/html"), True),
    "invalid JSON": (send(200, b'{"success": tru'), True),
    "no object": (send(200, b"[]"), True),
    "too much": (send(200, b" " * 1_000_001), True),
    "redirect elsewhere": (send(307, b"", location="http://127.0.0.2:9/x"), True),
    "redirect by GET": (send(302, b"", location="/portal/sharing/rest/login"), True),
    "refused": (send(200, b'{"error": {"code": 403, "message": "no"}}'), False),
    "error of another form": (send(200, b'{"error": "no"}'), False),
    "no success": (send(200, b'{"success": false}'), False),
    "no id": (send(200, b'{"success": true, "id": "../x"}'), False),
    "repeats its form": (echo, False),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("word", ["generateToken", "addItem"])
def test_portal_that_fails_harms_nothing_and_is_asked_again_if_that_may_help(
    portal: FakePortal,
    items: InMemoryItemTable,
    word: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(portal_module, "PORTAL_SECONDS", 0.3)
    monkeypatch.setattr(portal_module, "REGISTRATION_SECONDS", 2.0)
    fault, again = FAULTS[name]
    again = again or word == "generateToken"  # whoever is not let in was refused nothing of the change
    portal.faults[word] = [fault]
    function = make_function(portal, items)
    with caplog.at_level(logging.DEBUG):
        assert tell(function, None, PARCELS) is not again
    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert "portal not told" in logged
    assert PASSWORD not in logged
    assert not any(token in logged for token in portal.tokens)
    assert (known(items), items.rows) == ("", {})
    assert tell(make_function(portal, items), None, PARCELS)  # the next time all is well
    assert list(portal.items) == [known(items)]


REJECTED = {
    "a wrong password": ({"portal_password": "wrong"}, "generateToken", None),
    "an old token": ({"portal_token": "old"}, "search", None),
    "a locked user": ({"portal_password": PASSWORD}, "generateToken", send(403, b"")),
}


@pytest.mark.parametrize("name", REJECTED)
def test_secret_that_does_not_count_is_not_tried_again_and_the_change_is_not_forgotten(
    portal: FakePortal, items: InMemoryItemTable, name: str
) -> None:
    secret, word, fault = REJECTED[name]
    portal.faults[word] = [fault] if fault else []
    moment = [1_000.0]
    function = make_function(portal, items, lambda: moment[0], **secret)
    for _ in range(101):  # as often as the trigger tells it, before its alarm does
        assert not tell(function, None, PARCELS)
    assert portal.asked == [word]
    moment[0] += PAUSE_SECONDS
    assert tell(function, None, PARCELS) is (fault is not None)
    assert portal.asked[1] == word


def test_item_that_was_added_unheard_is_not_added_again(portal: FakePortal, items: InMemoryItemTable) -> None:
    def add_and_fail(handler: Any) -> None:
        handler.portal.answer(handler.path, dict(handler.form), handler.headers["referer"])
        handler.send(504, b"")

    portal.faults["addItem"] = [add_and_fail]
    function = make_function(portal, items)
    assert not tell(function, None, PARCELS)
    assert portal.asked.count("content/users/gis/addItem") == 1
    assert tell(function, None, PARCELS)
    assert list(portal.items) == [known(items)]


def test_all_items_of_a_service_are_removed_with_it(portal: FakePortal, items: InMemoryItemTable) -> None:
    function = make_function(portal, items)
    assert tell(function, None, PARCELS)
    portal.items["e" * 32] = dict(portal.items[known(items)])  # the search knew nothing of the first yet
    assert tell(function, PARCELS, None)
    assert portal.items == {}


def test_item_is_removed_though_the_search_is_refused(portal: FakePortal, items: InMemoryItemTable) -> None:
    function = make_function(portal, items)
    assert tell(function, None, PARCELS)
    portal.faults["search"] = [send(200, b'{"error": {"code": 400}}')]
    assert tell(function, PARCELS, None)
    assert (portal.items, known(items)) == ({}, "")


@pytest.mark.parametrize("is_told", [True, False], ids=["in one write", "after a removal that was lost"])
def test_item_of_a_service_goes_when_another_takes_its_name(
    portal: FakePortal, items: InMemoryItemTable, *, is_told: bool
) -> None:
    function = make_function(portal, items)
    assert tell(function, None, PARCELS)
    first, other = known(items), replace(PARCELS, id="f" * 32, version="v3")
    assert tell(function, PARCELS if is_told else None, other)
    assert list(portal.items) == [known(items)] != [first]
    assert tell(function, other, None)
    assert portal.items == {}


def test_item_that_the_portal_keeps_does_not_hinder_the_next(
    portal: FakePortal, items: InMemoryItemTable
) -> None:
    function = make_function(portal, items)
    assert tell(function, None, PARCELS)
    portal.faults["delete"] = [send(200, b'{"error": {"code": 403}}')]
    other = replace(PARCELS, id="f" * 32, version="v3")
    assert tell(function, PARCELS, other)
    assert known(items) in portal.items
    assert len(portal.items) == 2


def test_without_an_owner_nothing_is_registered(items: InMemoryItemTable) -> None:
    function = RegistrationFunction(items, make_open_portal(RegistrationSettings("items", "", "", "", "")))
    assert tell(function, None, PARCELS)
    assert items.rows == {}


def test_record_of_another_table_is_done_with(portal: FakePortal, items: InMemoryItemTable) -> None:
    record = {"dynamodb": {"SequenceNumber": "1", "NewImage": {"pk": {"S": "service#x"}}}}
    assert make_function(portal, items).handle({"Records": [record]}) == {"batchItemFailures": []}
    assert portal.asked == []


WRONG = [
    ("http://portal.example.org", USER, PASSWORD, "", "by https alone"),
    ("ftp://portal.example.org", USER, PASSWORD, "", "PORTAL_URL or PORTAL_USER is wrong"),
    ("", USER, PASSWORD, "", "PORTAL_URL or PORTAL_USER is wrong"),
    ("https://portal.example.org", "a/b", PASSWORD, "", "the portal's user is no name of one"),
    ("https://portal.example.org", USER, "", "", "either PORTAL_PASSWORD or PORTAL_TOKEN"),
    ("https://portal.example.org", USER, PASSWORD, API_TOKEN, "either PORTAL_PASSWORD or PORTAL_TOKEN"),
]


@pytest.mark.parametrize(("url", "user", "password", "token", "problem"), WRONG)
def test_settings_that_cannot_be_are_refused_at_the_start(
    url: str, user: str, password: str, token: str, problem: str
) -> None:
    with pytest.raises(SettingsError, match=problem):
        make_open_portal(RegistrationSettings("items", url, user, password, token))


def test_secrets_are_in_no_text() -> None:
    settings = RegistrationSettings("items", "https://p.example.org", USER, PASSWORD, API_TOKEN)
    login = PortalLogin(USER, PASSWORD, API_TOKEN)
    request = FetchRequest("https://p.example.org", form={"password": PASSWORD, "token": API_TOKEN})
    for text in (repr(settings), repr(login), repr(request)):
        assert PASSWORD not in text
        assert API_TOKEN not in text


def test_no_other_host_is_asked_even_if_the_portal_names_it(portal: FakePortal) -> None:
    with serve_portal() as other:
        location = f"{other.url}/sharing/rest/generateToken"
        portal.faults["generateToken"] = [send(307, b"", location=location)]
        asked = Portal(portal.url, PortalLogin(USER, PASSWORD))
        with pytest.raises(InvalidValue, match="is not among those"):
            asked.find("GPServerless-1")
        asked.close()
        assert other.asked == []
