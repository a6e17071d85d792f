"""The banner: the services, and URLs to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def build_banner(
    url: str, services: Sequence[Mapping[str, Any]], where: Mapping[str, str], seconds: float
) -> list[str]:
    """Build the lines of the banner.

    Args:
        url: Where everything is served.
        services: Published entries of the catalogue file.
        where: Other places to show, by name.
        seconds: Duration of the start.
    """
    root = f"{url}/arcgis/rest/services"
    services = sorted(services, key=lambda service: bool(service["published_when"]))  # everyday ones first
    width = max((len(service["name"]) for service in services), default=0)
    lines = ["", f"  GPServerless  {root}", ""]
    for service in services:
        tasks = ", ".join(task["name"] for task in service["tasks"])
        lines.append(f"    {service['name']:<{width}}  {service['execution']:<5}  {tasks}")
    lines += ["", *(f"  {label:<4} {place}" for label, place in _list_examples(root, services)), ""]
    lines += [f"  {name:<4} {place}" for name, place in where.items()]
    lines += [
        "",
        f"  Ready in {seconds:.1f} s. A saved change is served at once; Ctrl-C stops everything.",
        "",
    ]
    return lines


def _list_examples(root: str, services: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """List the catalogue, a task, and an execution that needs no input; none of them needs a sign-in."""
    pairs = [(service, task) for service in services for task in service["tasks"]]
    tasks = [(service, task) for service, task in pairs if not (service["access"] or task["access"])]
    places = [("Try", root)]
    if tasks:
        places.append(("", f"{_build_task_url(root, *tasks[0])}?f=pjson"))
    at_once = [pair for pair in tasks if pair[0]["execution"] == "sync" and not _needs_input(pair[1])]
    if at_once:
        places.append(("", f"{_build_task_url(root, *at_once[0])}/execute?f=pjson"))
    return places


def _build_task_url(root: str, service: Mapping[str, Any], task: Mapping[str, Any]) -> str:
    return f"{root}/{service['name']}/GPServer/{task['name']}"


def _needs_input(task: Mapping[str, Any]) -> bool:
    return any(parameter["required"] for parameter in task["parameters"])
