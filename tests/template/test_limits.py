"""A stranger's bill has an end: limits by route and by function, alarms on money, a budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gpserverless.jobs.pricing import PRICES
from gpserverless.toolkit.spec import WORKERS
from local.routes import read_routes
from local.template import Template
from tests.template.conftest import PATH, make_resolver, resolve_all

Properties = Mapping[str, Mapping[str, Any]]

UNLIMITED = ("DirectoryFunction", "JobsFunction")
"""Functions that answer within milliseconds; they may be called as often as the stage lets through."""

ACCOUNT = 1_000
"""Functions at a time that an account of AWS begins with; new accounts have fewer."""

CALLED = ("Directory", "Downloads", "Execute", "Jobs", "Layers", "RasterMaps", "Soap", "Uploads", "SignIn")


def limits(properties: Properties) -> dict[str, Mapping[str, int]]:
    return dict(properties["Stage"]["RouteSettings"])


def functions(template: Template) -> dict[str, str]:
    """Return the function of each route key."""
    return {route.key: route.function for route in read_routes(template, make_resolver(template))}


def test_limits_are_of_routes_that_are_made_before_them(template: Template, properties: Properties) -> None:
    keys = {r.name: r.properties["RouteKey"] for r in template.of_type("AWS::ApiGatewayV2::Route")}
    first = template.resources["Stage"].depends_on
    assert {keys[name] for name in first} == set(limits(properties))


def test_every_route_that_costs_has_a_limit(template: Template, properties: Properties) -> None:
    named = limits(properties)
    costly = {key for key, function in functions(template).items() if function not in UNLIMITED}
    submits = {key for key in functions(template) if "/submitJob" in key}
    lists = {key for key in functions(template) if key.startswith("ANY /arcgis/rest/jobs")}
    assert submits
    assert lists, "fifty rows are read for each"
    assert set(named) == costly | submits | lists
    default = properties["Stage"]["DefaultRouteSettings"]
    for limit in named.values():
        assert limit.keys() == default.keys() == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}
        assert all(isinstance(number, int) for number in limit.values()), (
            "CloudFormation converts nothing here"
        )
        assert limit["ThrottlingRateLimit"] < default["ThrottlingRateLimit"]


@pytest.mark.parametrize("kind", ["{first}/GPServer", "{first}/{service}/GPServer"])
def test_executes_of_one_kind_of_path_leave_half_of_the_account(kind: str, properties: Properties) -> None:
    seconds = float(properties["ExecuteFunction"]["Environment"]["Variables"]["EXECUTE_SECONDS"])
    rates = [
        limit["ThrottlingRateLimit"]
        for key, limit in limits(properties).items()
        if f"/{kind}/{{task}}/execute" in key
    ]
    assert len(rates) == 2
    assert max(rates) * seconds <= ACCOUNT / 2


def test_workers_of_all_kinds_leave_room_for_the_api(properties: Properties) -> None:
    at_once = [
        int(properties[trigger]["ScalingConfig"]["MaximumConcurrency"])
        for trigger in ("JobsTrigger", "VectorTrigger", "RasterTrigger")
    ]
    assert len(at_once) == len(WORKERS)
    assert sum(at_once) <= ACCOUNT / 10


@pytest.mark.parametrize("only", ["true", "false"])
def test_api_answers_under_its_own_address_unless_told(only: str, template: Template) -> None:
    given = resolve_all(template, make_resolver(template, OwnDomainOnly=only))
    assert given["Api"]["DisableExecuteApiEndpoint"] == only
    assert template.parameters["OwnDomainOnly"] == "false"


def test_default_reserves_nothing_since_new_accounts_have_nothing_to_reserve(
    template: Template, properties: Properties
) -> None:
    assert not [name for name in template.resources if "ReservedConcurrentExecutions" in properties[name]]


@pytest.mark.parametrize("name", CALLED)
def test_parameter_reserves_functions_for_callers(name: str, template: Template) -> None:
    given = resolve_all(template, make_resolver(template, **{f"{name}Concurrency": "7"}))
    reserved = {n: given[n].get("ReservedConcurrentExecutions") for n in template.resources}
    assert {n: number for n, number in reserved.items() if number} == {f"{name}Function": "7"}


def test_every_function_behind_the_api_can_be_reserved(template: Template) -> None:
    assert set(functions(template).values()) == {f"{name}Function" for name in CALLED}


def test_parameter_limits_every_worker(template: Template) -> None:
    given = resolve_all(template, make_resolver(template, WorkerConcurrency="2"))
    assert [
        given[trigger]["ScalingConfig"]["MaximumConcurrency"]
        for trigger in ("JobsTrigger", "VectorTrigger", "RasterTrigger")
    ] == ["2"] * len(WORKERS)


def test_spending_is_the_dollars_of_jobs_and_the_time_of_other_functions_that_cost(
    properties: Properties,
) -> None:
    alarm = properties["SpendingAlarm"]
    total, _, *parts = alarm["Metrics"]
    costly = {name for name, each in properties.items() if each.get("MemorySize") == 1_769}
    timed = [part["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for part in parts]
    assert {name.rpartition("-")[2] for name in timed} == costly
    assert "ExecuteFunction" in costly
    gigabytes = properties["ExecuteFunction"]["MemorySize"] / 1024
    per_gb_second = max(price for _, price in PRICES.gb_second)
    milliseconds = " + ".join(f"FILL({part['Id']}, 0)" for part in parts)
    assert total["Expression"] == (
        f"FILL(jobs, 0) + ({milliseconds}) / 1000 * {gigabytes:.3f} * {per_gb_second:.10f}"
    )
    assert {part["MetricStat"]["Period"] for part in parts} == {3600}
    assert alarm["Threshold"] == "5"


def test_page_has_the_costs_of_the_alarms(template: Template) -> None:
    metrics = [
        sum("MetricStat" in metric for metric in alarm.properties.get("Metrics", ())) or 1
        for alarm in template.of_type("AWS::CloudWatch::Alarm")
    ]
    page = (PATH.parent / "docs/how-to/deploy.md").read_text("utf-8")
    assert f"| ${sum(metrics) * 0.10:.2f} |" in next(
        r for r in page.splitlines() if r.startswith("| alarms |")
    )


def test_budget_is_there_when_somebody_is_written_to(template: Template) -> None:
    assert template.resources["Budget"].condition == "HasBudget"
    given = make_resolver(template, BudgetMail="gis@example.org", BudgetDollars="80")
    assert given({"Condition": "HasBudget"}) is True
    assert make_resolver(template)({"Condition": "HasBudget"}) is False
    budget = resolve_all(template, given)["Budget"]
    assert budget["Budget"]["BudgetLimit"] == {"Amount": "80", "Unit": "USD"}
    assert [
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"], each["Subscribers"])
        for each in budget["NotificationsWithSubscribers"]
    ] == [
        (kind, threshold, [{"SubscriptionType": "EMAIL", "Address": "gis@example.org"}])
        for kind, threshold in (("ACTUAL", 50), ("ACTUAL", 100), ("FORECASTED", 100))
    ]
