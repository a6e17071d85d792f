"""Admission: which callers may have which resource, and what the others are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from gpserverless.access.credentials import Credentials
from gpserverless.caller import ANYBODY, Access, Caller, Role
from gpserverless.errors import AccessError, Forbidden, InvalidToken, NotFound, RequestError, TokenRequired
from gpserverless.http.request import Request, read_request
from gpserverless.http.route import Route
from gpserverless.protocols.gpserver import admission
from gpserverless.protocols.gpserver.admission import CHANGES, NEEDS, Admission
from gpserverless.protocols.gpserver.describe import catalogue as describe_catalogue
from gpserverless.protocols.gpserver.routes import ITEM_OPERATIONS, UPLOADS, Resource, find_route_of_site
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec

ANN = Caller("ann", Role.USER, frozenset({"planners"}))
BOB = Caller("bob", Role.USER)
VIEWER = Caller("viewer", Role.VIEWER, frozenset({"planners"}))
ROOT = Caller("root", Role.ADMINISTRATOR)
KEY = replace(ANN, services=frozenset({"Public"}))
CALLERS = {caller.name: caller for caller in (ANN, BOB, VIEWER, ROOT)} | {"key": KEY}

PLANNERS = Access(groups={"planners"})
JOB, EXECUTE = "j" + "0" * 32, "0" * 32


def service(name: str, access: Access | None = None, **tasks: Access | None) -> ServiceSpec:
    specs = tuple(TaskSpec(task, task, "", (), access=rule) for task, rule in tasks.items())
    return ServiceSpec(name, "", "async", Limits.asynchronous(), specs, access=access)


CATALOGUE = Catalogue(
    {
        spec.name: spec
        for spec in (
            service("Public", None, Open=None, Inner=PLANNERS),
            service("Plans", PLANNERS, Draw=None, Publish=Access(role=Role.PUBLISHER)),
            service("Secret/Plans", PLANNERS, Draw=None),
            service("Both/Plans", PLANNERS, Draw=None),
            service("Both/Open", None, Draw=None),
        )
    }
)


def identify(credentials: Credentials) -> Caller:
    if credentials.token not in CALLERS:
        raise InvalidToken
    return CALLERS[credentials.token]


def ask(path: str, token: str = "", method: str = "GET", **more: object) -> Request:
    context = {"http": {"method": method, "sourceIp": "203.0.113.7"}, "domainName": "gis.example.org"}
    headers = {"x-esri-authorization": f"Bearer {token}"} if token else {}
    event = {"rawPath": f"/arcgis/rest/{path}", "headers": headers, "requestContext": context, **more}
    return read_request(event)


def admit(request: Request, identify: Callable[[Credentials], Caller] = identify) -> Caller:
    return Admission(CATALOGUE, identify).admit(request, find_route_of_site(request.segments))


def code(path: str, token: str, method: str = "GET") -> int:
    """Return the code with which a request is refused, 200 if it is not."""
    try:
        admit(ask(path, token, method))
    except TokenRequired:
        return 499
    except InvalidToken:
        return 498
    except Forbidden:
        return 403
    except NotFound:
        return 404
    return 200


SERVICE = "services/Plans/GPServer"
TASK = f"{SERVICE}/Draw"
SEES = {"": 499, "ann": 200, "bob": 403, "viewer": 200, "root": 200, "key": 403, "wrong": 498}
RUNS = SEES | {"viewer": 403}
EVERYBODY = dict.fromkeys(SEES, 200)

PATHS: dict[str, dict[str, int]] = {
    "info": EVERYBODY,
    "healthCheck": EVERYBODY,
    "directories/arcgisoutput/Plans_GPServer/Plans/spec/json-schema.json": EVERYBODY,
    f"directories/arcgisoutput/maps/{'0' * 32}.png": EVERYBODY,
    "jobs": EVERYBODY | {"": 499, "wrong": 498},
    "services": EVERYBODY | {"wrong": 498},
    "services/Both": EVERYBODY | {"wrong": 498, "key": 403},
    "services/Secret": SEES,
    "services/None": dict.fromkeys(SEES, 404) | {"wrong": 498},
    SERVICE: SEES,
    "services/Secret/Plans/GPServer": SEES,
    "services/None/GPServer": dict.fromkeys(SEES, 404) | {"wrong": 498},
    f"{SERVICE}/None": SEES | {"ann": 404, "viewer": 404, "root": 404},
    **dict.fromkeys([f"{SERVICE}/info{x}" for x in ("", "/iteminfo", "/metadata", "/thumbnail")], SEES),
    **dict.fromkeys([TASK, f"{TASK}/metadata"], SEES),
    **dict.fromkeys([f"{TASK}/{x}" for x in ("execute", "submitJob", "validate")], RUNS),
    **dict.fromkeys(
        [f"{TASK}/jobs/{JOB}{x}" for x in ("", "/cancel", "/results", "/results/a", "/inputs", "/inputs/a")],
        SEES,
    ),
    f"{SERVICE}/Publish": SEES | {"ann": 403, "viewer": 403},
    f"{SERVICE}/Publish/submitJob": RUNS | {"ann": 403},
    f"directories/arcgisjobs/plans_gpserver/{JOB}/scratch/a.csv": SEES,
    f"directories/arcgisjobs/secret_plans_gpserver/{JOB}/scratch/a.csv": SEES,
    f"directories/arcgisoutput/Plans_GPServer/{EXECUTE}/a.csv": SEES,
    f"directories/arcgisoutput/Secret_Plans_GPServer/{EXECUTE}/a.csv": SEES,
    f"directories/arcgisjobs/none_gpserver/{JOB}/scratch/a.csv": dict.fromkeys(SEES, 404) | {"wrong": 498},
    f"directories/arcgisoutput/maps/{EXECUTE[:32]}.png": EVERYBODY,
    f"{SERVICE}/uploads": RUNS,
    **dict.fromkeys([f"{SERVICE}/uploads/{x}" for x in ("info", "upload", "register")], RUNS),
    **dict.fromkeys(
        [
            f"{SERVICE}/uploads/i1{x}"
            for x in ("", "/uploadPart", "/parts", "/commit", "/download", "/delete")
        ],
        RUNS,
    ),
    "services/Public/GPServer": EVERYBODY | {"wrong": 498},
    "services/Public/GPServer/Open": EVERYBODY | {"wrong": 498},
    "services/Public/GPServer/Open/submitJob": EVERYBODY | {"wrong": 498, "viewer": 200},
    "services/Public/GPServer/Inner": SEES | {"key": 200},
    "services/Public/GPServer/Inner/submitJob": RUNS | {"key": 200},
}
"""A path below "/rest", and the code for each caller."""


@pytest.mark.parametrize("path", PATHS)
def test_caller_is_let_in_or_told_why_not(path: str) -> None:
    assert {token: code(path, token) for token in PATHS[path]} == PATHS[path]


def test_paths_are_of_every_resource() -> None:
    segments = [("rest", *path.split("/")) for path in PATHS]
    assert {find_route_of_site(each).resource for each in segments} == set(NEEDS)


def test_every_resource_has_a_need() -> None:
    assert set(NEEDS) == set(get_args(Resource))


@pytest.mark.parametrize("resource", [*NEEDS, "newcomer"])
def test_resource_without_a_need_is_refused_to_administrators_too(
    resource: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = {name: need for name, need in NEEDS.items() if name != resource}
    monkeypatch.setattr(admission, "NEEDS", needs)
    with pytest.raises(Forbidden):
        Admission(CATALOGUE, identify).admit(ask("services", "root"), Route(resource, {"service": "Plans"}))


def test_path_cannot_be_spelled_around_the_rule() -> None:
    for path in ("services/Plans/gpserver/Draw/SUBMITJOB", "services//Plans///GPServer/Draw/submitJob/"):
        assert code(path, "") == 499
    for path in ("services/plans/GPServer", "services/PLANS/GPServer/Draw"):
        assert code(path, "root") == 404, "names have their own letter case, so there is no such service"
    for path in ("services/./Plans/GPServer", "services/Plans%2FGPServer", "services/Plans\\GPServer"):
        with pytest.raises(RequestError, match="characters that no resource has"):
            ask(path)


def test_nobody_is_asked_without_a_token() -> None:
    def never(credentials: Credentials) -> Caller:
        pytest.fail("a table would be read")

    assert admit(ask("services/Public/GPServer"), never) == replace(ANYBODY, address="203.0.113.7")
    assert admit(ask("info", "ann"), never) == replace(ANYBODY, address="203.0.113.7")
    with pytest.raises(TokenRequired):
        admit(ask(SERVICE), never)


def test_credentials_are_what_a_token_can_be_bound_to() -> None:
    seen: list[Credentials] = []

    def note(credentials: Credentials) -> Caller:
        seen.append(credentials)
        return ANN

    headers = {"referer": "https://app.example.org/map", "authorization": "Bearer t"}
    assert admit(ask(SERVICE, headers=headers), note) == replace(ANN, address="203.0.113.7")
    assert seen == [Credentials("t", "https://app.example.org/map", "203.0.113.7")]


COOKIES: list[tuple[str, str, dict[str, str], type[AccessError] | None]] = [
    (SERVICE, "ann", {}, None),
    (SERVICE, "wrong", {}, TokenRequired),
    (SERVICE, "bob", {}, Forbidden),
    (SERVICE, "ann", {"sec-fetch-site": "cross-site"}, None),
    (f"{TASK}/submitJob", "ann", {}, None),
    (f"{TASK}/submitJob", "ann", {"sec-fetch-site": "cross-site"}, TokenRequired),
    (f"{TASK}/execute", "ann", {"origin": "https://evil.example"}, TokenRequired),
    (f"{TASK}/jobs/{JOB}/cancel", "ann", {"sec-fetch-site": "same-site"}, TokenRequired),
    (f"{SERVICE}/uploads/upload", "ann", {"sec-fetch-site": "cross-site"}, TokenRequired),
    (f"{SERVICE}/uploads/i1/delete", "ann", {"sec-fetch-site": "cross-site"}, TokenRequired),
    (f"{SERVICE}/uploads/i1/download", "ann", {"sec-fetch-site": "cross-site"}, None),
    ("services/Public/GPServer", "wrong", {}, None),
]


@pytest.mark.parametrize(("path", "cookie", "headers", "refusal"), COOKIES)
def test_cookie_is_a_token_unless_another_site_may_have_sent_it(
    path: str, cookie: str, headers: dict[str, str], refusal: type[AccessError] | None
) -> None:
    request = ask(path, headers=headers, cookies=[f"agstoken={cookie}"])
    if refusal is None:
        assert admit(request).address
    else:
        with pytest.raises(refusal):
            admit(request)


def test_form_of_another_site_does_not_even_read_with_the_cookie() -> None:
    foreign = ask(SERVICE, method="POST", headers={"sec-fetch-site": "cross-site"}, cookies=["agstoken=ann"])
    with pytest.raises(TokenRequired):
        admit(foreign)


def test_token_wins_over_the_cookie() -> None:
    assert admit(ask(SERVICE, "ann", cookies=["agstoken=bob"])).name == "ann"
    with pytest.raises(InvalidToken):
        admit(ask(SERVICE, "wrong", cookies=["agstoken=ann"]))


def test_every_operation_that_takes_something_in_or_ends_it_counts_as_a_change() -> None:
    reading = {"info", "parts", "download"}
    operations = {*(f"uploads/{word}" for word in UPLOADS), *(f"item/{word}" for word in ITEM_OPERATIONS)}
    changing = {each for each in operations if each.partition("/")[2] not in reading}
    assert changing | {"execute", "submitJob", "cancel"} == CHANGES


@pytest.mark.parametrize(
    ("caller", "root", "folders", "both"),
    [
        (ANYBODY, ["Public"], ["Both"], ["Both/Open"]),
        (BOB, ["Public"], ["Both"], ["Both/Open"]),
        (ANN, ["Public", "Plans"], ["Secret", "Both"], ["Both/Plans", "Both/Open"]),
        (VIEWER, ["Public", "Plans"], ["Secret", "Both"], ["Both/Plans", "Both/Open"]),
        (ROOT, ["Public", "Plans"], ["Secret", "Both"], ["Both/Plans", "Both/Open"]),
        (KEY, ["Public"], [], None),
    ],
)
def test_catalogue_lists_what_the_caller_may_see(
    caller: Caller, root: list[str], folders: list[str], both: list[str] | None
) -> None:
    seen = CATALOGUE.for_caller(caller)
    listed = describe_catalogue(seen, "")
    assert ([s["name"] for s in listed["services"]], listed["folders"]) == (root, folders)
    if both is not None:
        assert [s["name"] for s in describe_catalogue(seen, "Both")["services"]] == both


def test_service_lists_the_tasks_that_the_caller_may_see() -> None:
    assert [t.name for t in CATALOGUE.for_caller(BOB).service("Public").tasks] == ["Open"]
    assert [t.name for t in CATALOGUE.for_caller(ANN).service("Public").tasks] == ["Open", "Inner"]


def test_error_of_an_unknown_task_names_no_hidden_one() -> None:
    with pytest.raises(NotFound) as refused:
        admit(ask("services/Public/GPServer/None", "bob"))
    assert "Its tasks: Open." in str(refused.value)


def test_site_without_rules_hands_out_its_catalogue_as_it_is() -> None:
    plain = Catalogue({"Public": service("Public", None, Open=None)})
    assert plain.for_caller(ANYBODY) is plain
