"""Schedules of EventBridge Scheduler: `rate(…)`, from the template's ScheduleV2 events."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from local.environment import FunctionFailed
from local.resolver import ACCOUNT, REGION, STACK, Resolver
from local.template import FUNCTION, Template, TemplateError

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}

Invoke = Callable[[str, bytes], Awaitable[bytes]]


@dataclass(frozen=True)
class Schedule:
    """A function that is invoked at regular intervals.

    Attributes:
        name: Logical id of the schedule.
        function: Logical id of the function.
        minutes: The interval.
    """

    name: str
    function: str
    minutes: int


def read_schedules(template: Template, resolver: Resolver) -> list[Schedule]:
    """Read the enabled schedules of the template.

    Raises:
        TemplateError: A schedule is not a rate.
    """
    schedules = []
    for function in template.of_type(FUNCTION):
        for name, event in function.properties.get("Events", {}).items():
            properties = resolver(event.get("Properties", {}))
            if event["Type"] != "ScheduleV2":
                raise TemplateError(f"{function.name}: the local cloud has no events of type {event['Type']}")
            if properties.get("State", "ENABLED") == "ENABLED":
                minutes = _parse_minutes(properties["ScheduleExpression"])
                schedules.append(Schedule(f"{function.name}{name}", function.name, minutes))
    return schedules


async def run_schedule(schedule: Schedule, invoke: Invoke, minute: float) -> None:
    """Invoke the function at every turn, for ever.

    Args:
        schedule: The schedule.
        invoke: Runs a function; it reports failures itself.
        minute: The length of a minute in seconds: 60, or less in tests.
    """
    loop = asyncio.get_running_loop()
    turn = loop.time()
    while True:
        turn += schedule.minutes * minute
        await asyncio.sleep(turn - loop.time())
        event = build_schedule_event(schedule.name, datetime.now(UTC))
        try:
            await invoke(schedule.function, json.dumps(event).encode())
        except FunctionFailed:
            continue


def build_schedule_event(name: str, at: datetime, event_id: str = "") -> dict[str, object]:
    """Build the event of one turn.

    Args:
        name: Logical id of the schedule.
        at: The time of the turn.
        event_id: Its id; a new one if empty.
    """
    return {
        "version": "0",
        "id": event_id or str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{STACK}-{name}"],
        "detail": "{}",
    }


def _parse_minutes(expression: str) -> int:
    match = _RATE.fullmatch(expression)
    if match is None:
        raise TemplateError(f"the local cloud understands rate(…) schedules only, not {expression}")
    return int(match[1]) * _MINUTES[match[2]]
