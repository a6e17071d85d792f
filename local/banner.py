"""What the developer reads first: what is served, and where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def banner(
    url: str, services: Sequence[Mapping[str, Any]], where: Mapping[str, str], seconds: float
) -> list[str]:
    """Return the lines of the banner.

    Args:
        url: Where everything is served.
        services: Published entries of the catalogue file.
        where: Other places worth knowing, by name.
        seconds: How long the start took.
    """
    root = f"{url}/arcgis/rest/services"
    services = sorted(services, key=lambda service: bool(service["published_when"]))  # everyday ones first
    width = max((len(service["name"]) for service in services), default=0)
    lines = ["", f"  GPServerless  {root}", ""]
    for service in services:
        tasks = ", ".join(task["name"] for task in service["tasks"])
        lines.append(f"    {service['name']:<{width}}  {service['execution']:<5}  {tasks}")
    lines += ["", *(f"  {label:<4} {place}" for label, place in _to_try(root, services)), ""]
    lines += [f"  {name:<4} {place}" for name, place in where.items()]
    lines += [
        "",
        f"  Ready in {seconds:.1f} s. A saved change is served at once; Ctrl-C stops everything.",
        "",
    ]
    return lines


def _to_try(root: str, services: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the catalogue, a task to read, and a task that can be executed without giving it anything."""
    tasks = [(service, task) for service in services for task in service["tasks"]]
    places = [("Try", root)]
    if tasks:
        places.append(("", f"{_task(root, *tasks[0])}?f=pjson"))
    at_once = [pair for pair in tasks if pair[0]["execution"] == "sync" and not _asks_for_anything(pair[1])]
    if at_once:
        places.append(("", f"{_task(root, *at_once[0])}/execute?f=pjson"))
    return places


def _task(root: str, service: Mapping[str, Any], task: Mapping[str, Any]) -> str:
    return f"{root}/{service['name']}/GPServer/{task['name']}"


def _asks_for_anything(task: Mapping[str, Any]) -> bool:
    return any(parameter["required"] for parameter in task["parameters"])
