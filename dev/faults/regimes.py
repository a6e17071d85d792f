"""What goes wrong in a soak, one thing after the other, and everything at once in the end."""

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
        name: What happens.
        kills: How often workers ("workers") or the processes that tools run in ("children") are killed, or
            workers stopped beyond their lease ("stopped"): the mean of the seconds between two.
        chances: Probability of each thing that can happen to a call, by its name; see `door`.
        fate: What befalls workers at their birth; see `birth`.
    """

    name: str
    kills: Mapping[str, float] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)
    fate: Mapping[str, Any] = field(default_factory=dict)


_AWAY = {f"{point} down": 0.1 for point in ("read", "due", "create", "submit", "send", "claim", "put", "get")}
_LOST = {f"{point} lost": 0.15 for point in ("create", "submit", "claim", "beat", "succeed", "fail", "stop")}

REGIMES = (
    Regime(name="nothing"),
    Regime(name="workers are killed", kills={"workers": 5}),
    Regime(name="tools' processes are killed", kills={"children": 3}),
    Regime(name="workers are stopped beyond their lease", kills={"stopped": 4}),
    Regime(name="the worker dies after its claim", chances={"claim death_after": 0.1}),
    Regime(name="… between two outputs", chances={"put death_after": 0.02}),
    Regime(name="… before it writes the outcome", chances={"succeed death": 0.1}),
    Regime(name="… after it wrote the outcome", chances={"succeed death_after": 0.1}),
    Regime(name="the submit dies after the row", chances={"create death_after": 0.1}),
    Regime(name="… after the message", chances={"send death_after": 0.1}),
    Regime(name="the reaper dies in its sweep", kills={"workers": 8}, chances={"due death_after": 0.3}),
    Regime(name="messages are doubled", chances={"send again": 0.5}),
    Regime(name="messages are lost", chances={"send swallowed": 0.1}),
    Regime(name="writes are applied, their answers lost", chances=_LOST),
    Regime(name="… sent twice", chances={name.replace("lost", "again"): 0.3 for name in _LOST}),
    Regime(name="… answered too late", chances={name.replace("lost", "late"): 0.1 for name in _LOST}),
    Regime(name="results are stored, the answers lost", chances={"put lost": 0.05}),
    Regime(name="the table throttles", chances={n.replace("lost", "throttled"): 0.1 for n in _LOST}),
    Regime(name="calls do not get through", chances=_AWAY),
    Regime(name="workers' clocks are 4.5 s wrong", kills={"workers": 15}, fate={"clock": SKEW_SECONDS}),
    Regime(name="/tmp of every second worker is full", fate={"full disk": True}),
    Regime(
        name="everything at once",
        kills={"workers": 10, "children": 10, "stopped": 20},
        chances={
            **{name: chance / 5 for name, chance in (_AWAY | _LOST).items()},
            **{"claim death_after": 0.02, "succeed death": 0.02, "succeed death_after": 0.02},
            **{"create death_after": 0.02, "send death_after": 0.02, "due death_after": 0.1},
            **{"send again": 0.2, "send swallowed": 0.02, "put death_after": 0.005},
        },
        fate={"clock": SKEW_SECONDS},
    ),
)
