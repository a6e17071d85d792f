"""A cold start collects no garbage; after it the function, and each child that runs its tools, does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = str(Path(__file__).parents[2] / "layers/gpserverless/python")
SHOW = """
import gc, json, sys
import gpserverless.app
during = gc.isenabled()
from gpserverless.app.logs import log_request_ids
log_request_ids(lambda event, context: {})
print(json.dumps([during, gc.isenabled(), gc.get_freeze_count() > 0]))
"""
CHILD = """
import gc
gc.disable()
from gpserverless.sandbox.pipe import Pipe
from gpserverless.sandbox.zygote import Zygote
def serve(pipe):
    pipe.send(b"on" if gc.isenabled() else b"off", b"frozen" if gc.get_freeze_count() else b"not frozen")
zygote = Zygote(lambda: None, serve)
ours, theirs = Pipe.pair()
zygote.request_child(theirs.fileno())
print(*ours.receive())
zygote.close()
"""


def printed(script: str, variables: dict[str, str]) -> str:
    environment = {**os.environ, "PYTHONPATH": PACKAGE, **variables}
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(
    ("variables", "during"),
    [({"AWS_LAMBDA_FUNCTION_NAME": "jobs"}, False), ({}, True)],
    ids=["on Lambda", "anywhere else"],
)
def test_garbage_is_collected_when_the_cold_start_is_over(variables: dict[str, str], during: bool) -> None:
    assert json.loads(printed(SHOW, variables)) == [during, True, True]


def test_child_collects_its_own_garbage_alone() -> None:
    assert printed(CHILD, {}).strip() == "b'on' b'frozen'"
