"""A fault is named by its call and its kind."""

from __future__ import annotations

import pytest

from dev.faults.fault_kinds import FaultKind, parse_fault
from dev.faults.soak.regimes import REGIMES, Regime


@pytest.mark.parametrize(
    ("name", "call", "kind"),
    [
        ("claim lost", "claim", FaultKind.LOST),
        ("hand back down", "hand back", FaultKind.DOWN),
        ("succeed dies before", "succeed", FaultKind.DIES_BEFORE),
        ("worker put dies after", "worker put", FaultKind.DIES_AFTER),
    ],
)
def test_fault_is_split(name: str, call: str, kind: FaultKind) -> None:
    assert parse_fault(name) == (call, kind)


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="claim death"):
        parse_fault("claim death")


@pytest.mark.parametrize("regime", REGIMES, ids=lambda each: each.name)
def test_regime_has_known_kinds_alone(regime: Regime) -> None:
    for name in regime.chances:
        parse_fault(name)
