"""The regimes of the soak: one fault after the other, and everything at once in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LEASE_SECONDS = 6.0
STOPPED_SECONDS = 1.5 * LEASE_SECONDS
SKEW_SECONDS = 0.75 * LEASE_SECONDS


@dataclass(frozen=True, kw_only=True)
class Regime:
    """One fault, or many.

    Attributes:
        name: The fault in words.
        kills: Mean seconds between two kills of workers ("workers") or of their tools' processes
        ("children"),
            or between two stops of workers beyond their lease ("stopped").
        chances: Probability of each fault of a call by its name; see `kinds`.
        startup_faults: Faults of workers from their start; see `startup_hook`.
    """

    name: str
    kills: Mapping[str, float] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)
    startup_faults: Mapping[str, Any] = field(default_factory=dict)


_AWAY = {f"{point} down": 0.1 for point in ("read", "due", "create", "submit", "send", "claim", "put", "get")}
_LOST = {f"{point} lost": 0.15 for point in ("create", "submit", "claim", "beat", "succeed", "fail", "stop")}

REGIMES = (
    Regime(name="nothing"),
    Regime(name="workers are killed", kills={"workers": 5}),
    Regime(name="tools' processes are killed", kills={"children": 3}),
    Regime(name="workers are stopped beyond their lease", kills={"stopped": 4}),
    Regime(name="the worker dies after its claim", chances={"claim dies after": 0.1}),
    Regime(name="… between two outputs", chances={"put dies after": 0.02}),
    Regime(name="… before it writes the outcome", chances={"succeed dies before": 0.1}),
    Regime(name="… after it wrote the outcome", chances={"succeed dies after": 0.1}),
    Regime(name="the submit dies after the row", chances={"create dies after": 0.1}),
    Regime(name="… after the message", chances={"send dies after": 0.1}),
    Regime(name="the reaper dies in its sweep", kills={"workers": 8}, chances={"due dies after": 0.3}),
    Regime(name="messages are doubled", chances={"send again": 0.5}),
    Regime(name="messages are lost", chances={"send swallowed": 0.1}),
    Regime(name="writes are applied, their answers lost", chances=_LOST),
    Regime(name="… sent twice", chances={name.replace("lost", "again"): 0.3 for name in _LOST}),
    Regime(name="… answered too late", chances={name.replace("lost", "late"): 0.1 for name in _LOST}),
    Regime(name="results are stored, the answers lost", chances={"put lost": 0.05}),
    Regime(name="the table throttles", chances={n.replace("lost", "throttled"): 0.1 for n in _LOST}),
    Regime(name="calls do not get through", chances=_AWAY),
    Regime(
        name="workers' clocks are 4.5 s wrong", kills={"workers": 15}, startup_faults={"clock": SKEW_SECONDS}
    ),
    Regime(name="/tmp of every second worker is full", startup_faults={"full disk": True}),
    Regime(
        name="everything at once",
        kills={"workers": 10, "children": 10, "stopped": 20},
        chances={
            **{name: chance / 5 for name, chance in (_AWAY | _LOST).items()},
            **{"claim dies after": 0.02, "succeed dies before": 0.02, "succeed dies after": 0.02},
            **{"create dies after": 0.02, "send dies after": 0.02, "due dies after": 0.1},
            **{"send again": 0.2, "send swallowed": 0.02, "put dies after": 0.005},
        },
        startup_faults={"clock": SKEW_SECONDS},
    ),
)
