"""Every metric of an alarm or of the dashboard is one of AWS or of the code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from gpserverless.app.metrics import NAMESPACE, UNITS
from local.template import FUNCTION, Template

Properties = Mapping[str, Mapping[str, Any]]

ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"
ROUTED = {
    *("DirectoryFunction", "ExecuteFunction", "JobsFunction"),
    *(
        "LayersFunction",
        "DownloadsFunction",
        "RasterMapsFunction",
        "SoapFunction",
        "UploadsFunction",
        "SignInFunction",
    ),
}
AWS = {
    "AWS/ApiGateway": ({"5xx"}, "ApiId"),
    "AWS/Lambda": ({"Duration", "Errors", "Throttles"}, "FunctionName"),
    "AWS/SQS": ({"ApproximateNumberOfMessagesVisible", "NumberOfMessagesReceived"}, "QueueName"),
}
"""Metrics of AWS that are watched, and their dimensions."""


class Metric(NamedTuple):
    """One metric that is watched."""

    namespace: str
    name: str
    dimension: str
    of: str


def in_alarm(alarm: Mapping[str, Any]) -> Iterator[Metric]:
    metrics = [part["MetricStat"]["Metric"] for part in alarm.get("Metrics", []) if "MetricStat" in part]
    for metric in metrics or [alarm]:
        (dimension,) = metric["Dimensions"]
        yield Metric(metric["Namespace"], metric["MetricName"], dimension["Name"], dimension["Value"])


def widgets(properties: Properties, kind: str) -> list[dict[str, Any]]:
    body = json.loads(properties["Dashboard"]["DashboardBody"])
    return [widget for widget in body["widgets"] if widget["type"] == kind]


def alarms(template: Template, properties: Properties) -> dict[str, Mapping[str, Any]]:
    return {resource.name: properties[resource.name] for resource in template.of_type(ALARM)}


def watched(template: Template, properties: Properties) -> list[Metric]:
    shown = [m for widget in widgets(properties, "metric") for m in widget["properties"]["metrics"]]
    told = [metric for alarm in alarms(template, properties).values() for metric in in_alarm(alarm)]
    return [*told, *(Metric(*metric[:4]) for metric in shown)]


def test_every_metric_is_there(template: Template, properties: Properties) -> None:
    found = watched(template, properties)
    assert len(found) > 60
    for metric in found:
        if metric.namespace == NAMESPACE:
            assert metric.name in UNITS
            assert (metric.dimension, metric.of) == ("service", properties["Api"]["Name"])
        else:
            names, dimension = AWS[metric.namespace]
            assert metric.name in names
            assert metric.dimension == dimension


def test_dimension_of_a_metric_is_a_resource(template: Template, properties: Properties) -> None:
    names = {properties["Api"]["Name"], *template.resources}
    functions = {template_name(properties, f.name): f.name for f in template.of_type(FUNCTION)}
    for metric in watched(template, properties):
        assert functions.get(metric.of, metric.of) in names


def template_name(properties: Properties, name: str) -> str:
    return f"{properties['Api']['Name']}-{name}"


def test_functions_write_metrics_under_the_name_of_the_stack(
    template: Template, properties: Properties
) -> None:
    for function in template.of_type(FUNCTION):
        variables = properties[function.name]["Environment"]["Variables"]
        assert variables["POWERTOOLS_SERVICE_NAME"] == properties["Api"]["Name"]


def functions_in(alarm: Mapping[str, Any], properties: Properties) -> set[str]:
    prefix = template_name(properties, "")
    return {metric.of.removeprefix(prefix) for metric in in_alarm(alarm)}


def test_every_function_is_watched(template: Template, properties: Properties) -> None:
    every = {function.name for function in template.of_type(FUNCTION)}
    assert functions_in(properties["FunctionErrorsAlarm"], properties) == every - ROUTED
    assert functions_in(properties["ThrottledJobsAlarm"], properties) == every - ROUTED
    assert functions_in(properties["ThrottledCallersAlarm"], properties) == ROUTED
    prefix = template_name(properties, "")
    shown: dict[str, set[str]] = {title: set() for title in ("Errors of functions", "Throttles")}
    for widget in widgets(properties, "metric"):
        if widget["properties"]["title"] in shown:
            metrics = widget["properties"]["metrics"]
            shown[widget["properties"]["title"]] = {
                m[3].removeprefix(prefix) for m in metrics if m[2] != "ApiId"
            }
    assert shown == {"Errors of functions": every, "Throttles": every}


def test_alarm_has_a_description_and_a_receiver(template: Template, properties: Properties) -> None:
    found = alarms(template, properties)
    assert len(found) == 10
    for alarm in found.values():
        assert len(alarm["AlarmDescription"]) > 40
        assert len(alarm.get("Metrics", [])) <= 10, "CloudWatch takes no more in one alarm"
        assert alarm["TreatMissingData"] in ("notBreaching", "breaching")


def test_reaper_that_does_not_run_raises_an_alarm(properties: Properties) -> None:
    assert properties["StuckJobsAlarm"]["TreatMissingData"] == "breaching"


def test_widgets_do_not_overlap_and_fit_in(properties: Properties) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in [*widgets(properties, "metric"), *widgets(properties, "log")]:
        places = {
            (widget["x"] + x, widget["y"] + y)
            for x in range(widget["width"])
            for y in range(widget["height"])
        }
        assert taken.isdisjoint(places)
        assert max(x for x, _ in places) < 24
        taken |= places


@pytest.mark.parametrize(
    "title",
    [
        "Jobs by outcome",
        "Queue wait, ms",
        "Run time, ms",
        "Waiting messages",
        "Queue age, ms",
        "Stuck, retried and given up",
        "Errors of functions",
        "Throttles",
        "Dollars an hour",
        "Execute time, ms",
    ],
)
def test_dashboard_has(title: str, properties: Properties) -> None:
    (widget,) = (w for w in widgets(properties, "metric") if w["properties"]["title"] == title)
    stats = {metric[4]["stat"] for metric in widget["properties"]["metrics"] if "stat" in metric[-1]}
    if title in ("Queue wait, ms", "Run time, ms", "Execute time, ms"):
        assert stats == {"p50", "p99"}
    assert widget["properties"]["period"] == (3600 if title == "Dollars an hour" else 300)
