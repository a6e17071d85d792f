"""Environments are started when all are busy, and ended when they have been idle."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from local.functions import Function
from local.pool import CORES, Pool
from tests.local.stack import processes_of

MEETING = """
import os, time
from pathlib import Path

def handler(event, context):
    Path("{folder}", str(os.getpid())).touch()
    while len(list(Path("{folder}").iterdir())) < event:
        time.sleep(0.01)
    return os.getpid()
"""


def test_pool_grows_to_its_invocations_and_keeps_one_environment(tmp_path: Path) -> None:
    (tmp_path / "met").mkdir()
    (tmp_path / "app.py").write_text(MEETING.format(folder=tmp_path / "met"))
    function = Function(
        name="MeetingFunction",
        handler="app.handler",
        code=tmp_path,
        python_path=(tmp_path,),
        variables={"PYTHONPATH": str(tmp_path), "PATH": os.defpath},
        timeout=30,
    )
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
