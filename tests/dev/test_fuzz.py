"""A short part of `make fuzz`: each target with a few inputs, always the same ones."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from dev.fuzz import __main__ as program
from dev.fuzz import targets
from dev.fuzz.strategies import EXAMPLES
from dev.fuzz.targets import TARGETS
from gpserverless.datatypes.base import LoadOptions
from gpserverless.datatypes.scalars import GPString
from local.options import ROOT

SHORT = settings(
    max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
FEWER = {"jobs", "files", "rasters"}


@pytest.mark.parametrize("name", TARGETS)
def test_target_holds(name: str) -> None:
    TARGETS[name](settings(SHORT, max_examples=30) if name in FEWER else SHORT)


class Careless(GPString):
    """Reads the first character of a text, also of an empty one."""

    def load(self, raw: Any, options: LoadOptions) -> Any:
        return raw[0]


def test_careless_type_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "TYPES", (Careless(),))
    with pytest.raises((ExceptionGroup, IndexError, KeyError, TypeError)):
        TARGETS["loads"](SHORT)


def test_careless_reader_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    readers: dict[str, Callable[[str], object]] = {"first": lambda text: text[0]}
    monkeypatch.setattr(targets, "READERS", readers)
    with pytest.raises(IndexError):
        TARGETS["readers"](SHORT)


def test_examples_are_texts_of_their_own() -> None:
    assert len(set(EXAMPLES)) == len(EXAMPLES) > 30


def test_program_tries_what_it_is_told_and_says_how_much() -> None:
    options = ["conditions", program.GROWTH, "--seconds", "2", "--seed", "1"]
    command = [sys.executable, "-W", "ignore", "-m", "dev.fuzz", *options]
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    told = done.stdout.splitlines()
    assert (done.returncode, [line.partition(":")[0] for line in told]) == (0, ["conditions", "growth"]), done
    assert all(" inputs in " in line for line in told)


def test_program_tells_a_failure_and_its_seed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(program.TARGETS, "conditions", lambda how: 1 / 0)
    monkeypatch.setattr(sys, "argv", ["fuzz", "conditions", "--here", "--seed", "7"])
    monkeypatch.setattr(program.logging, "disable", lambda: None)
    monkeypatch.setattr(program.faulthandler, "enable", lambda: None)
    with pytest.raises(ZeroDivisionError):
        program.main()
    assert "conditions: broken after 0 s; seed 7" in capsys.readouterr().out
