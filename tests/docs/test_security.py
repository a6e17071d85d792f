"""The pages about security are true: every control has a line, its tests exist, and the bill is reckoned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from gpserverless.jobs.pricing import PRICES
from local.template import Template
from tests.docs.test_reference import ROOT, functions_in, spans
from tests.template.conftest import PATH, make_resolver, resolve_all

CONTROLS = (ROOT / "docs/explanation/security.md").read_text("utf-8")
EXPOSE = (ROOT / "docs/how-to/expose-to-the-internet.md").read_text("utf-8")
LINES = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in CONTROLS.splitlines()
    if re.match(r"\| S\d+ \|", line)
]
OVERRIDES = dict(re.findall(r"(\w+)=(\S+)", EXPOSE.partition("```sh\n")[2].partition("```")[0]))


def test_every_control_has_one_line() -> None:
    assert sorted(int(line[0][1:]) for line in LINES) == list(range(1, 46))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_control_has_a_state_and_tests_that_exist(line: list[str]) -> None:
    _, control, state, tests = line
    assert control
    assert re.match(r"(done|part: |no: )", state), state
    named = [span for span in spans(tests)]
    assert bool(named) == state.startswith(("done", "part"))
    for test in named:
        path, _, function = test.partition("::")
        assert function in functions_in(path), test


@pytest.fixture(scope="module")
def template() -> Template:
    return Template.read(PATH)


def dollars(gigabytes: float) -> float:
    """Return the dollars of so many gigabytes for an hour."""
    return gigabytes * 3600 * float(dict(PRICES.gb_second)["arm64"])


def stack(template: Template, **parameters: str) -> Mapping[str, Mapping[str, Any]]:
    return resolve_all(template, make_resolver(template, **parameters))


def test_parameters_of_the_example_exist(template: Template) -> None:
    assert set(OVERRIDES) <= template.known_parameters
    assert len(OVERRIDES) > 8


@pytest.mark.parametrize(("parameters", "at_once", "price"), [({}, 60, "8.46"), (OVERRIDES, 30, "4.23")])
def test_bill_of_jobs_is_that_of_all_workers(
    template: Template, parameters: dict[str, str], at_once: int, price: str
) -> None:
    properties = stack(template, **parameters)
    triggers = ("JobsTrigger", "VectorTrigger", "RasterTrigger")
    each = [int(properties[trigger]["ScalingConfig"]["MaximumConcurrency"]) for trigger in triggers]
    assert sum(each) == at_once
    gigabytes = at_once * int(properties["WorkerFunction"]["MemorySize"]) / 1024
    assert f"{dollars(gigabytes):.2f}" == price
    assert f"${price} an hour" in EXPOSE


def test_bill_of_executes_is_that_of_all_at_once(template: Template) -> None:
    gigabytes = stack(template)["ExecuteFunction"]["MemorySize"] / 1024
    assert f"1,000 (the account's): ${dollars(1000 * gigabytes):.0f} an hour" in EXPOSE
    most = int(OVERRIDES["ExecuteConcurrency"])
    assert f"{most}: ${dollars(most * gigabytes):.2f} an hour" in EXPOSE


def test_bill_of_fetches_is_that_of_all_who_wait_for_them(template: Template) -> None:
    gigabytes = stack(template)["FetchFunction"]["MemorySize"] / 1024
    for parameters in ({}, OVERRIDES):
        jobs = int(stack(template, **parameters)["JobsTrigger"]["ScalingConfig"]["MaximumConcurrency"]) * 3
        waiting = jobs + int(parameters.get("ExecuteConcurrency", 0))
        assert f" {waiting}" in EXPOSE
        assert f"${dollars(waiting * gigabytes):.2f} an hour" in EXPOSE


def test_requests_are_those_that_the_limits_let_through(template: Template) -> None:
    stage = stack(template)["Stage"]
    default = stage["DefaultRouteSettings"]["ThrottlingRateLimit"]
    routes = {r.properties["RouteKey"] for r in template.of_type("AWS::ApiGatewayV2::Route")}
    others = default * len(routes - set(stage["RouteSettings"]))
    submits = sum(
        s["ThrottlingRateLimit"] for key, s in stage["RouteSettings"].items() if "/submitJob" in key
    )
    assert f"files: {others:,} requests a second | API ${others * 3600 / 1e6:.2f}," in EXPOSE
    assert f"| submits: {submits} a second |" in EXPOSE
