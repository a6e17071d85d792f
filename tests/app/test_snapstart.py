"""After a restore from a snapshot, nothing is drawn twice that was drawn before it."""

from __future__ import annotations

import builtins
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import snapshot_restore_py
from awslambdaric.lambda_runtime_hooks_runner import run_after_restore, run_before_snapshot

from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import NullWatcher
from gpserverless.toolkit.toolboxes import discover


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the hooks of this test alone."""
    mine: list[Any] = []
    monkeypatch.setattr(snapshot_restore_py, "_after_restore_registry", mine)
    return mine


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner(discover())
    yield made
    made.close()


def test_copies_of_a_snapshot_draw_different_numbers() -> None:
    renew_after_restore()
    snapshot = random.getstate()
    drawn = set()
    for _ in range(3):
        random.setstate(snapshot)
        run_after_restore()
        drawn.add(random.random())
    assert len(drawn) == 3


def test_what_is_loaded_on_demand_is_in_the_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    mine: list[Any] = []
    monkeypatch.setattr(snapshot_restore_py, "_before_snapshot_registry", mine)
    loaded: list[str] = []
    load_before_snapshot(lambda: loaded.append("store"))
    assert loaded == []
    run_before_snapshot()
    assert loaded == ["store"]


def test_renewals_are_called_in_their_order() -> None:
    called: list[str] = []
    renew_after_restore(lambda: called.append("first"), lambda: called.append("second"))
    assert called == []
    run_after_restore()
    assert called == ["first", "second"]


def test_runtime_without_snapshots_has_no_hooks(monkeypatch: pytest.MonkeyPatch, hooks: list[Any]) -> None:
    load = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "snapshot_restore_py":
            raise ImportError(name)
        return load(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    renew_after_restore()
    assert hooks == []


def test_tools_have_another_process(runner: Runner) -> None:
    renew_after_restore(runner.reset)
    assert runner._child is not None
    before = runner._child.pid
    run_after_restore()
    assert runner._child.pid != before
    assert not Path("/proc", str(before)).exists()
    (output, *_) = runner(Call("Conformance/Sync", "Echo", {"In_GPLong": "3"}), NullWatcher(), 20).outputs
    assert b"paramName" in output.body
