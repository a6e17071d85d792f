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
    places = [("Try", root)]
    if services:
        service = services[0]
        places.append(("", f"{root}/{service['name']}/GPServer"))
        if service["tasks"]:
            places.append(("", f"{root}/{service['name']}/GPServer/{service['tasks'][0]['name']}?f=pjson"))
    return places
