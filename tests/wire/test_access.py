"""Who gets what, over HTTP: every route, asked by every kind of caller, of services with a sign-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

import orjson
import pytest
import urllib3

from gpserverless.protocols.gpserver.routes import ITEM_OPERATIONS, UPLOADS, Resource, find_route
from local.cloud import LocalCloud
from tests.wire.conftest import SERVICES
from tests.wire.tokens import SignedInSite, make_tokens

SYNC, ASYNC = f"{SERVICES}/Conformance/Secured/GPServer", f"{SERVICES}/Conformance/SecuredJobs/GPServer"
FILE = ("a.txt", b"bytes")
PLACE = '{"spatialReference": {"wkid": 25832}, "features": [{"geometry": {"x": 500000, "y": 5500000}}]}'
MISSING_JOB, MISSING_ITEM, NO_FILE = "There is no job", "Item not found.", "There is no such file."

Outcome = int | str
"""The code of an error, a part of its text where it is that of a missing resource, or "ok"."""

NO_MORE = ("expired", "wrong", "revoked", "elsewhere")
UNKNOWN = {"nobody": 499, **dict.fromkeys(NO_MORE, 498)}
SEE: Mapping[str, Outcome] = (
    UNKNOWN | {"key": 403} | dict.fromkeys(("ann", "bob", "eve", "pia", "root"), "ok")
)
RUN = SEE | {"eve": 403}
OPEN = dict.fromkeys(SEE, "ok")
NAMED = OPEN | UNKNOWN
ALL_SEE = OPEN | dict.fromkeys(NO_MORE, 498)


def owned(needed: Mapping[str, Outcome], missing: str) -> Mapping[str, Outcome]:
    """Return what callers get of something of ann's: the administrator gets it too."""
    return {
        name: missing if outcome == "ok" and name not in ("ann", "root") else outcome
        for name, outcome in needed.items()
    }


HOSTED = UNKNOWN | dict.fromkeys(("key", "bob", "eve", "pia"), 403) | dict.fromkeys(("ann", "root"), "ok")
KEPT = "kept_by_ann"
JOBS, ITEMS = owned(SEE, MISSING_JOB), owned(RUN, MISSING_ITEM)


@dataclass
class Things:
    """The things of ann's that requests are about.

    Attributes:
        sites: The site as each caller calls it.
        made: Those that have been made.
    """

    sites: Mapping[str, SignedInSite]
    made: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        if name not in self.made:
            self.made[name] = self._make(name)
        return self.made[name]

    def drop_used(self) -> None:
        """Forget the things that a request has used up; the next one gets others."""
        self.made = {
            name: made for name, made in self.made.items() if name not in ("waiting job", "fresh item")
        }

    def _make(self, name: str) -> str:
        ann = self.sites["ann"]
        match name:
            case "job" | "waiting job":
                seconds = "20" if name == "waiting job" else "0"
                value = f'{{"itemID":"{self("item of jobs")}"}}'
                answer = ann.post(f"{ASYNC}/CopyFile/submitJob", {"In_File": value, "Seconds": seconds})
                job = f"{ASYNC}/CopyFile/jobs/{answer['jobId']}"
                ann.wait(job, ("esriJobSucceeded",) if name == "job" else ("esriJobExecuting",))
                return job
            case "map of a job":
                return self("job").replace("GPServer/CopyFile", "MapServer")
            case "hosted service":
                return keep_service(ann)
            case "job with features":
                return buffer_place(ann)
            case "item" | "item of jobs" | "fresh item":
                return self._make_item(name)
        return self._make_file(name).removeprefix(ann.url)

    def _make_file(self, name: str) -> str:
        ann = self.sites["ann"]
        match name:
            case "file of a job":
                return str(ann.get(f"{self('job')}/results/Out_File")["value"]["url"])
            case "file of an execute":
                value = f'{{"itemID":"{self("item")}"}}'
                (result,) = ann.post(f"{SYNC}/CopyFile/execute", {"In_File": value})["results"]
                return str(result["value"]["url"])
            case "picture":
                return str(ann.get(f"{self('map of a job')}/export", bbox="0,0,1,1")["href"])
        raise ValueError(name)

    def _make_item(self, name: str) -> str:
        ann = self.sites["ann"]
        if name != "fresh item":
            service = SYNC if name == "item" else ASYNC
            response = ann.ask("POST", f"{service}/uploads/upload", {"f": "json", "file": FILE})
            return str(orjson.loads(response.data)["item"]["itemID"])
        item = str(ann.post(f"{SYNC}/uploads/register", {"itemName": "b.txt"})["item"]["itemID"])
        ann.ask("POST", f"{SYNC}/uploads/{item}/uploadPart", {"f": "json", "partId": "1", "file": FILE})
        return item


def keep_service(site: SignedInSite) -> str:
    """Have a job keep its features as a service, and return the path of it."""
    buffer_place(site, esri_out_feature_service_name=KEPT)
    return f"{SERVICES}/Hosted/{KEPT}/FeatureServer"


def buffer_place(site: SignedInSite, **more: str) -> str:
    """Return the path of a job that has drawn a zone about a place, in a service for everybody."""
    task = f"{SERVICES}/Analysis/GPServer/Buffer"
    fields = {"in_features": PLACE, "buffer_distance_or_field": "1 Meters", **more}
    job = f"{task}/jobs/{site.post(f'{task}/submitJob', fields)['jobId']}"
    site.wait(job, ("esriJobSucceeded",))
    return job


Path = Callable[[Things], str]


@dataclass(frozen=True)
class RouteRequest:
    """A request for one route, and what each caller gets.

    Attributes:
        path: Makes the path.
        outcomes: The outcome for each caller.
        method: GET or POST.
        fields: Fields beside `f`.
    """

    path: Path
    outcomes: Mapping[str, Outcome]
    method: str = "GET"
    fields: Mapping[str, Any] = field(default_factory=dict)


def at(path: str, thing: str = "") -> Path:
    """Return a maker of a path in which `{}` is one of the things."""
    return lambda things: path.format(things(thing) if thing else "")


def item(operation: str = "", thing: str = "item") -> Path:
    return at(f"{SYNC}/uploads/{{}}{operation}", thing)


def job(below: str = "", thing: str = "job") -> Path:
    return at(f"{{}}{below}", thing)


SCHEMA = "/arcgis/rest/directories/arcgisoutput/Conformance/Secured_GPServer/x/spec/json-schema.json"
NAME, PART = {"itemName": "c.txt"}, {"partId": "2", "file": FILE}

REQUESTS: dict[str, RouteRequest] = {
    "info": RouteRequest(at("/arcgis/rest/info"), OPEN),
    "health": RouteRequest(at("/arcgis/rest/healthCheck"), OPEN),
    "schema": RouteRequest(at(SCHEMA), OPEN),
    "catalogue": RouteRequest(at(SERVICES), ALL_SEE),
    "service": RouteRequest(at(SYNC), SEE),
    "serviceInfo": RouteRequest(at(f"{SYNC}/info"), SEE),
    "itemInfo": RouteRequest(at(f"{SYNC}/info/iteminfo"), SEE),
    "metadata": RouteRequest(at(f"{SYNC}/info/metadata"), SEE),
    "thumbnail": RouteRequest(at(f"{SYNC}/info/thumbnail"), SEE),
    "task": RouteRequest(at(f"{ASYNC}/CopyFile"), SEE),
    "taskMetadata": RouteRequest(at(f"{ASYNC}/CopyFile/metadata"), SEE),
    "validate": RouteRequest(
        at(f"{SYNC}/CopyFile/validate"), {**RUN, **dict.fromkeys(("ann", "bob", "pia", "root"), 400)}
    ),
    "execute": RouteRequest(
        at(f"{SYNC}/Publish/execute"), RUN | {"ann": 403, "bob": 403, "eve": 403}, "POST"
    ),
    "submitJob": RouteRequest(at(f"{ASYNC}/CopyFile/submitJob"), RUN, "POST", {"In_File": "a.txt"}),
    "jobs": RouteRequest(at("/arcgis/rest/jobs"), NAMED),
    "job": RouteRequest(job(), JOBS),
    "results": RouteRequest(job("/results"), JOBS),
    "result": RouteRequest(job("/results/Out_File"), JOBS),
    "inputs": RouteRequest(job("/inputs"), JOBS),
    "input": RouteRequest(job("/inputs/In_File"), JOBS),
    "cancel": RouteRequest(job("/cancel", "waiting job"), JOBS, "POST"),
    "file": RouteRequest(at("{}", "file of a job"), JOBS),
    "picture": RouteRequest(at("{}", "picture"), OPEN),
    "uploads": RouteRequest(at(f"{SYNC}/uploads"), RUN),
    "uploads/info": RouteRequest(at(f"{SYNC}/uploads/info"), RUN),
    "uploads/upload": RouteRequest(at(f"{SYNC}/uploads/upload"), RUN, "POST", {"file": FILE}),
    "uploads/register": RouteRequest(at(f"{SYNC}/uploads/register"), RUN, "POST", NAME),
    "item": RouteRequest(item(), ITEMS),
    "item/download": RouteRequest(item("/download"), ITEMS),
    "item/parts": RouteRequest(item("/parts"), ITEMS),
    "item/uploadPart": RouteRequest(item("/uploadPart", "fresh item"), ITEMS, "POST", PART),
    "item/commit": RouteRequest(item("/commit", "fresh item"), ITEMS, "POST"),
    "item/delete": RouteRequest(item("/delete", "fresh item"), ITEMS, "POST"),
}
"""A request for every route, by the route's key."""

MORE: dict[str, RouteRequest] = {
    "execute with an upload": RouteRequest(
        at(f"{SYNC}/CopyFile/execute"), owned(RUN, "there is no upload"), "POST"
    ),
    "file of an execute": RouteRequest(at("{}", "file of an execute"), owned(SEE, NO_FILE)),
    "task of publishers": RouteRequest(
        at(f"{ASYNC}/Publish"), SEE | dict.fromkeys(("ann", "bob", "eve"), 403)
    ),
    "job of another task": RouteRequest(
        lambda things: things("job").replace("CopyFile", "Publish"),
        SEE | dict.fromkeys(("ann", "bob", "eve"), 403) | dict.fromkeys(("pia", "root"), MISSING_JOB),
    ),
    "unknown service": RouteRequest(
        at(f"{SERVICES}/Conformance/None/GPServer"),
        {name: 498 if c == 498 else 404 for name, c in SEE.items()},
    ),
    "unknown task": RouteRequest(
        at(f"{SYNC}/None"), {name: 404 if c == "ok" else c for name, c in SEE.items()}
    ),
    "public service": RouteRequest(at(f"{SERVICES}/Samples/GPServer"), ALL_SEE),
    "map of a service": RouteRequest(at(ASYNC.replace("GPServer", "MapServer")), SEE),
    "map of a job": RouteRequest(at("{}", "map of a job"), JOBS),
    "picture of a job": RouteRequest(at("{}/export", "map of a job"), JOBS, fields={"bbox": "0,0,1,1"}),
    "result as a picture": RouteRequest(
        at("{}/results/out_feature_class", "job with features"),
        owned(ALL_SEE, MISSING_JOB) | {"key": 403},
        fields={"size": "9,9"},
    ),
    "legend of a job": RouteRequest(at("{}/legend", "map of a job"), JOBS),
    "folder of hosted services": RouteRequest(at(f"{SERVICES}/Hosted"), ALL_SEE),
    "hosted service": RouteRequest(at("{}", "hosted service"), HOSTED),
    "hosted layer": RouteRequest(at("{}/0", "hosted service"), HOSTED),
    "query of a hosted layer": RouteRequest(
        at("{}/0/query", "hosted service"), HOSTED, fields={"where": "1=1"}
    ),
    "removal of a hosted service": RouteRequest(
        at(f"/arcgis/admin/services/Hosted/{KEPT}.FeatureServer/delete"),
        {name: outcome for name, outcome in HOSTED.items() if name != "root"},  # one removes it
        "POST",
    ),
}


@pytest.fixture(scope="module")
def tokens(cloud: LocalCloud) -> Mapping[str, str]:
    return {"nobody": "", **make_tokens(cloud)}


@pytest.fixture(scope="module")
def things(cloud: LocalCloud, tokens: Mapping[str, str]) -> Things:
    return Things({name: SignedInSite(cloud.url, token) for name, token in tokens.items()})


def outcome(response: urllib3.BaseHTTPResponse, expected: Outcome) -> Outcome:
    """Return the outcome of an answer; the text of an error if a text is expected."""
    assert response.status in (200, 303), (response.status, response.data)
    if not response.headers.get("content-type", "").startswith("application/json") or response.status == 303:
        return "ok"
    document = orjson.loads(response.data)
    if not isinstance(document, dict) or "error" not in document:
        return "ok"
    text = " ".join(document["error"]["details"])
    if isinstance(expected, str) and expected in text:
        return expected
    return f"{document['error']['code']} {text}" if isinstance(expected, str) else document["error"]["code"]


def answers_of(things: Things, ask: RouteRequest) -> dict[str, Outcome]:
    """Return the outcome for every caller; those that get something come last."""
    found = {}
    for name, expected in sorted(ask.outcomes.items(), key=lambda each: each[1] == "ok"):
        fields = {"f": "json", **ask.fields}
        response = things.sites[name].ask(ask.method, ask.path(things), fields)
        found[name] = outcome(response, expected)
        if found[name] == "ok":
            things.drop_used()
    return found


def test_every_route_has_a_request() -> None:
    operations = {*(f"uploads/{word}" for word in UPLOADS), *(f"item/{word}" for word in ITEM_OPERATIONS)}
    assert set(REQUESTS) == {*get_args(Resource), *operations}


@pytest.mark.parametrize("key", [key for key in REQUESTS if key != "execute"])
def test_caller_gets_what_the_rules_say(things: Things, key: str) -> None:
    ask = REQUESTS[key]
    segments = tuple(ask.path(things).removeprefix("/arcgis/rest").split("?")[0].strip("/").split("/"))
    assert find_route(segments).key == key
    assert answers_of(things, ask) == ask.outcomes


def test_task_may_be_for_fewer_callers_than_its_service(things: Things) -> None:
    assert answers_of(things, REQUESTS["execute"]) == REQUESTS["execute"].outcomes


@pytest.mark.parametrize("name", [name for name in MORE if name != "execute with an upload"])
def test_caller_gets_no_more_by_another_way(things: Things, name: str) -> None:
    assert answers_of(things, MORE[name]) == MORE[name].outcomes


def test_upload_is_an_input_for_its_owner_alone(things: Things) -> None:
    ask = MORE["execute with an upload"]
    for service, path in (
        ("item", f"{SYNC}/uploads/{things('item')}"),
        ("file", things("file of an execute")),
    ):
        value = {"item": f'{{"itemID":"{things("item")}"}}', "file": things.sites["ann"].url + path}[service]
        missing = {"item": "there is no upload", "file": "there is no such file"}[service]
        outcomes = owned(RUN, missing)
        asked = RouteRequest(ask.path, outcomes, "POST", {"In_File": value})
        assert answers_of(things, asked) == outcomes


SECURED = ("Conformance/Secured", "Conformance/SecuredJobs")
CATALOGUES = {"nobody": (), "key": (), **dict.fromkeys(("ann", "bob", "eve", "pia", "root"), SECURED)}


@pytest.mark.parametrize("name", CATALOGUES)
def test_catalogue_lists_what_the_caller_may_see(things: Things, name: str) -> None:
    site = things.sites[name]
    listed = site.get(f"{SERVICES}/Conformance").get("services", [])
    assert tuple(each["name"] for each in listed if each["name"] in SECURED) == CATALOGUES[name]


@pytest.mark.parametrize(("name", "tasks"), [("ann", ["CopyFile"]), ("pia", ["CopyFile", "Publish"])])
def test_service_lists_the_tasks_that_the_caller_may_see(things: Things, name: str, tasks: list[str]) -> None:
    assert things.sites[name].get(SYNC)["tasks"] == tasks
    assert ("Publish" in str(things.sites[name].get(f"{SYNC}/info/iteminfo"))) == ("Publish" in tasks)


HEADERS: list[tuple[str, Callable[[str], dict[str, Any]]]] = [
    ("X-Esri-Authorization", lambda token: {"headers": {"X-Esri-Authorization": f"Bearer {token}"}}),
    ("Authorization", lambda token: {"headers": {"Authorization": f"Bearer {token}"}}),
    ("query", lambda token: {"fields": {"token": token}}),
    ("cookie", lambda token: {"headers": {"Cookie": f"agstoken={token}"}}),
]


@pytest.mark.parametrize(("place", "send"), HEADERS, ids=[place for place, _ in HEADERS])
def test_token_counts_wherever_clients_put_it(
    things: Things, tokens: Mapping[str, str], place: str, send: Callable[[str], dict[str, Any]]
) -> None:
    site = things.sites["nobody"]
    for token, code in (("ann", None), ("wrong", 499 if place == "cookie" else 498)):
        sent = send(tokens[token])
        fields = {"f": "json", **sent.pop("fields", {})}
        answer = orjson.loads(site.pool.request("GET", site.url + SYNC, fields=fields, **sent).data)
        assert answer.get("error", {}).get("code") == code
        assert tokens[token] not in str(answer)


def test_form_holds_the_token_of_a_post(things: Things, tokens: Mapping[str, str]) -> None:
    answer = things.sites["nobody"].post(SYNC, {"token": tokens["ann"]})
    assert answer["tasks"] == ["CopyFile"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, None), ({"Sec-Fetch-Site": "cross-site"}, 499), ({"Origin": "https://evil.example"}, 499)],
)
def test_page_of_another_site_runs_nothing_with_the_cookie(
    things: Things, tokens: Mapping[str, str], headers: dict[str, str], code: int | None
) -> None:
    site = things.sites["nobody"]
    sent = {"Cookie": f"agstoken={tokens['pia']}", **headers}
    response = site.send("POST", f"{SYNC}/Publish/execute", {"f": "json"}, headers=sent)
    assert orjson.loads(response.data).get("error", {}).get("code") == code


def test_script_of_another_site_reads_nothing_with_the_cookie(
    things: Things, tokens: Mapping[str, str]
) -> None:
    site = things.sites["nobody"]
    sent = {"Cookie": f"agstoken={tokens['ann']}"}
    answer = site.send("GET", SYNC, {"f": "json", "callback": "steal"}, headers=sent).data
    assert b'"code":499' in answer


def test_person_is_led_to_the_page_where_one_signs_in(things: Things, tokens: Mapping[str, str]) -> None:
    site = things.sites["nobody"]
    led = site.ask("GET", f"{SYNC}/CopyFile", {"token": ""})
    assert led.status == 302
    assert led.headers["location"] == (
        f"{site.url}/arcgis/rest/login?next=%2Farcgis%2Frest%2Fservices%2FConformance%2FSecured%2FGPServer%2FCopyFile"
    )
    assert site.ask("POST", f"{SYNC}/CopyFile/execute", {"f": "html"}).status == 401
    assert things.sites["wrong"].ask("GET", SYNC, {}).status == 401
    assert things.sites["key"].ask("GET", SYNC, {}).status == 403
    assert things.sites["ann"].ask("GET", SYNC, {}).status == 200


def test_same_key_of_two_users_is_two_jobs(things: Things) -> None:
    form = {"In_File": "a.txt", "clientRequestId": "the same"}
    jobs = [things.sites[n].post(f"{ASYNC}/CopyFile/submitJob", form)["jobId"] for n in ("ann", "bob", "ann")]
    assert jobs[0] == jobs[2] != jobs[1]
