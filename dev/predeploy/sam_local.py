"""`make sam-local`: the built functions in containers, by `sam local invoke` and `sam local start-api`.

Every recorded event is invoked, then a job goes its whole way over HTTP; AWS is moto. Exits with 1 if an
answer is not what it should be.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.gp_client import GpClient, GpError
from dev.predeploy import site
from dev.predeploy.answers import EVENTS, complaint
from dev.predeploy.containers import SamLocal, base_image, with_events
from dev.predeploy.engine import EngineError, bridge_address, docker_engine
from dev.predeploy.stack import emulator, find_receiver, make_stack, take_events
from local.stack import Stack

_AT_ONCE = 2


def main(build: Path) -> int:
    """Try out a build; 1 if something is wrong, 2 if there is no engine to try it on."""
    try:
        with docker_engine() as environment:
            base_image(environment)
            with emulator(bridge_address(environment)) as endpoint, _workplace(build, endpoint) as place:
                stack, variables = place
                sam = SamLocal(with_events(build / "template.yaml", stack.routes), variables, environment)
                return int(bool(_invoke_events(stack, sam) + _run_a_job(stack, sam)))
    except EngineError as error:
        print(error)
        return 2


@contextmanager
def _workplace(build: Path, endpoint: str) -> Iterator[tuple[Stack, Path]]:
    """Make the stack, and the file that tells `sam local` the functions' variables."""
    stack = make_stack(build / "template.yaml", endpoint)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "variables.json")
        told = {name: dict(function.variables) for name, function in stack.functions.items()}
        file.write_text(json.dumps(told), encoding="utf-8")
        yield stack, file


def _invoke_events(stack: Stack, sam: SamLocal) -> int:
    """Invoke every recorded event, and return how many were not answered as they should be."""

    def tried(name: str) -> str:
        return complaint(name, sam.invoke(find_receiver(stack, EVENTS[name]), EVENTS[name]))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        complaints = dict(zip(EVENTS, pool.map(tried, EVENTS), strict=True))
    for name, text in complaints.items():
        print(f"{'FAILED' if text else 'ok':6} sam local invoke {name} {text}")
    return sum(map(bool, complaints.values()))


def _run_a_job(stack: Stack, sam: SamLocal) -> int:
    """Describe, execute and run a job over HTTP, the worker invoked by hand; return 1 if it goes wrong."""

    def work() -> None:
        for event in take_events(stack, "WorkerFunction"):
            _check_delivery(sam.invoke("WorkerFunction", event))

    try:
        work()  # what the recorded events have left
        with sam.serving() as url:
            client = GpClient(url)
            site.check_descriptions(client)
            site.check_execute(client)
            job = site.submit_job(client)
            work()
            site.check_result(client, job)
    except GpError as error:
        print(f"FAILED sam local start-api: {error}")
        return 1
    print("ok     sam local start-api: info, execute, submitJob, job, result")
    return 0


def _check_delivery(answer: Mapping[str, Any]) -> None:
    if answer != {"batchItemFailures": []}:
        raise GpError(f"the worker answered {answer}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
