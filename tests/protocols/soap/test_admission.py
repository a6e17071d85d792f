"""Admission: every operation has a need, and a tool that is named has rules of its own."""

from __future__ import annotations

import pytest

from gpserverless.access.credentials import Credentials
from gpserverless.caller import Access, Caller, Role
from gpserverless.errors import Forbidden, InvalidToken, NotFound, RequestError, TokenRequired
from gpserverless.http.request import read_request
from gpserverless.protocols.soap.admission import NEEDS, TOOL_OPERATIONS, WSDL, SoapAdmission
from gpserverless.protocols.soap.schema.operations import CATALOGUE_OPERATIONS, SERVICE_OPERATIONS
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec

PLANNERS = Access(groups={"planners"})
CALLERS = {
    "ann": Caller("ann", Role.USER, frozenset({"planners"})),
    "bob": Caller("bob", Role.USER),
    "eve": Caller("eve", Role.VIEWER, frozenset({"planners"})),
}
TASKS = (TaskSpec("Open", "", "", ()), TaskSpec("Inner", "", "", (), access=PLANNERS))
CATALOGUE = Catalogue(
    {
        "Public": ServiceSpec("Public", "", "async", Limits.asynchronous(), TASKS),
        "Plans": ServiceSpec("Plans", "", "async", Limits.asynchronous(), TASKS[:1], access=PLANNERS),
    }
)
OUTCOMES = {
    "ok": None, "sign in": TokenRequired, "no": Forbidden, "missing": NotFound, "bad": InvalidToken,
}  # fmt: skip


def identify(credentials: Credentials) -> Caller:
    if credentials.token not in CALLERS:
        raise InvalidToken
    return CALLERS[credentials.token]


def ask(service: str, operation: str, token: str, tool: str = "") -> str:
    """Return the outcome of a request."""
    context = {"http": {"method": "POST", "sourceIp": "203.0.113.7"}, "domainName": "gis.example.org"}
    headers = {"x-esri-authorization": f"Bearer {token}"} if token else {}
    event = {"rawPath": "/arcgis/services", "headers": headers, "requestContext": context}
    request = read_request(event, reads_form=False)
    try:
        caller = SoapAdmission(CATALOGUE, identify).admit(request, service, operation, tool)
    except RequestError as error:
        return next(name for name, kind in OUTCOMES.items() if kind is type(error))
    assert caller.address == "203.0.113.7"
    return "ok"


def test_every_operation_has_a_need() -> None:
    assert NEEDS.keys() == {WSDL, *CATALOGUE_OPERATIONS, *SERVICE_OPERATIONS}
    assert {"GetToolInfo", "Execute", "SubmitJob"} == TOOL_OPERATIONS


def test_an_operation_without_a_need_is_refused() -> None:
    assert ask("Public", "GetSecrets", "ann") == "no"


CASES = [
    ("", "GetMessageVersion", {"": "ok", "wrong": "ok"}),
    ("", "GetTokenServiceURL", {"": "ok", "wrong": "ok"}),
    ("", "GetFolders", {"": "ok", "wrong": "bad"}),
    ("Plans", WSDL, {"": "sign in", "ann": "ok", "bob": "no", "wrong": "bad"}),
    ("Plans", "GetToolInfos", {"": "sign in", "ann": "ok", "bob": "no"}),
    ("Plans", "GetJobStatus", {"": "sign in", "ann": "ok", "bob": "no"}),
    ("Plans", "SubmitJob Open", {"": "sign in", "ann": "ok", "bob": "no", "eve": "no"}),
    ("Public", "GetToolInfo Open", {"": "ok", "bob": "ok"}),
    ("Public", "GetToolInfo Inner", {"": "sign in", "ann": "ok", "bob": "no", "eve": "ok"}),
    ("Public", "GetToolInfo None", {"": "missing", "ann": "missing"}),
    ("Public", "SubmitJob Inner", {"": "sign in", "ann": "ok", "bob": "no", "eve": "no"}),
    ("Public", "Execute Inner", {"": "sign in", "ann": "ok", "bob": "no", "eve": "no"}),
    ("Public", "GetJobStatus Inner", {"": "ok"}),
]


@pytest.mark.parametrize(("service", "asked", "outcomes"), CASES)
def test_who_may_ask(service: str, asked: str, outcomes: dict[str, str]) -> None:
    operation, _, tool = asked.partition(" ")
    assert {token: ask(service, operation, token, tool) for token in outcomes} == outcomes
