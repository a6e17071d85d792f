"""The events in `events/` are those that the local cloud would send today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from local.record import FOLDER, build_events, format_event


@pytest.mark.parametrize(("name", "event"), list(build_events()))
def test_recorded_event_is_up_to_date(name: str, event: Mapping[str, Any]) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == format_event(event), (
        "run python -m local.record"
    )


def test_recorded_events_have_no_other_files() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {name for name, _ in build_events()}
