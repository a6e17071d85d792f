"""Environments are started when all are busy, and ended when they have been idle."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from local.environment import FunctionFailed
from local.functions import Function
from local.pool import CORES, Pool
from tests.local.stack import processes_of
from tests.patience import LONG

MEETING = """
import os, time
from pathlib import Path

def handler(event, context):
    Path("{folder}", str(os.getpid())).touch()
    while len(list(Path("{folder}").iterdir())) < event:
        time.sleep(0.01)
    return os.getpid()
"""


@pytest.fixture
def function(tmp_path: Path) -> Function:
    """Return a function that waits until so many run as its event says."""
    (tmp_path / "met").mkdir()
    (tmp_path / "app.py").write_text(MEETING.format(folder=tmp_path / "met"))
    return Function(
        name="MeetingFunction",
        handler="app.handler",
        code=tmp_path,
        python_path=(tmp_path,),
        variables={"PYTHONPATH": str(tmp_path), "PATH": os.defpath},
        timeout=60,
    )


def test_pool_grows_to_its_invocations_and_keeps_one_environment(function: Function, tmp_path: Path) -> None:
    guests = CORES + 1

    async def meet() -> set[bytes]:
        pool = Pool(function, tmp_path, lambda function, error: None)
        invocations = [pool.invoke(str(guests).encode()) for _ in range(guests)]
        pids = set(await asyncio.gather(*invocations))
        await pool.reap(0)
        assert len(processes_of(tmp_path)) == 1
        await pool.kill()
        return pids

    assert len(asyncio.run(meet())) == guests
    assert not processes_of(tmp_path)


def test_pool_that_is_killed_fails_every_invocation_and_starts_no_process(
    function: Function, tmp_path: Path
) -> None:
    async def kill() -> list[bytes | BaseException]:
        pool = Pool(function, tmp_path, lambda function, error: None)
        invocations = [asyncio.create_task(pool.invoke(b"99")) for _ in range(CORES + 1)]
        while not list((tmp_path / "met").iterdir()):
            await asyncio.sleep(0.01)
        await pool.kill()
        return await asyncio.gather(*invocations, pool.invoke(b"0"), return_exceptions=True)

    answers = asyncio.run(asyncio.wait_for(kill(), LONG))
    assert [type(answer) for answer in answers] == [FunctionFailed] * (CORES + 2)
    assert not processes_of(tmp_path)
