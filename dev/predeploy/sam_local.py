"""`make sam-local`: the built functions in containers, by `sam local invoke` and `sam local start-api`.

It invokes every recorded event, and runs a job over HTTP; AWS is moto. It needs a Docker engine with the base
image of the functions (`.ci/with_docker.py`). Exits with 1 if an answer is wrong.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.gp_client import GpClient, GpError
from dev.predeploy import site
from dev.predeploy.answers import EVENTS, find_problem
from dev.predeploy.containers import ContainerError, SamLocal, add_events, bridge_address
from dev.predeploy.stack import emulator, find_receiver, make_stack, take_events
from local.stack import Stack

_AT_ONCE = 2


def main(build: Path) -> int:
    """Try out a build; 1 if something is wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what was started is ended
    with emulator(bridge_address()) as endpoint:
        stack = make_stack(build / "template.yaml", endpoint)
        with _write_variables(stack) as variables:
            sam = SamLocal(add_events(build / "template.yaml", stack.routes), variables)
            return int(bool(_invoke_events(stack, sam) + _run_job(stack, sam)))


@contextmanager
def _write_variables(stack: Stack) -> Iterator[Path]:
    """Write the functions' variables into a file for `sam local`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "variables.json")
        variables = {name: dict(function.variables) for name, function in stack.functions.items()}
        file.write_text(json.dumps(variables), encoding="utf-8")
        yield file


def _invoke_events(stack: Stack, sam: SamLocal) -> int:
    """Invoke every recorded event; return the number of wrong answers."""

    def invoke(name: str) -> str:
        return find_problem(name, sam.invoke(find_receiver(stack, EVENTS[name]), EVENTS[name]))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        problems = dict(zip(EVENTS, pool.map(invoke, EVENTS), strict=True))
    for name, text in problems.items():
        print(f"{'FAILED' if text else 'ok':6} sam local invoke {name} {text}")
    return sum(map(bool, problems.values()))


def _run_job(stack: Stack, sam: SamLocal) -> int:
    """Describe, execute and run a job over HTTP, the worker invoked by hand; return 1 if it goes wrong."""

    def work() -> None:
        for event in take_events(stack, "WorkerFunction"):
            _check_delivery(sam.invoke("WorkerFunction", event))

    try:
        work()  # the jobs of the recorded events
        with sam.serving() as url:
            client = GpClient(url)
            site.check_descriptions(client)
            site.check_execute(client)
            job = site.submit_job(client)
            work()
            site.check_result(client, job)
    except (ContainerError, GpError) as error:
        print(f"FAILED sam local start-api: {error}")
        return 1
    print("ok     sam local start-api: info, execute, submitJob, job, result")
    return 0


def _check_delivery(answer: Mapping[str, Any]) -> None:
    if answer != {"batchItemFailures": []}:
        raise GpError(f"the worker answered {answer}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
