"""`python -m dev.faults.soak`: many jobs on the local cloud, whose processes, calls and messages meet faults.

Everything is real but AWS itself: HTTP, functions in processes of their own, tools in theirs. One fault after
the other has its share of the jobs, and everything at once in the end. Then every job must have one outcome,
the one that its client saw, and every queue must be empty. Leases are short, and the reaper comes every two
seconds, so that what is lost is soon found.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from dev.faults.audit import Books, judge, left_open, unheard_of
from dev.faults.client import Client, Followed
from dev.faults.door import Door
from dev.faults.processes import Functions, Killer
from dev.faults.regimes import LEASE_SECONDS, REGIMES, STOPPED_SECONDS, Regime
from dev.faults.tables import HEAD, line
from dev.faults.verdict import Verdict
from local.cloud import LocalCloud
from local.functions import layer_paths
from local.options import Options
from local.template import Template

MINUTE_SECONDS = 2.0
CLIENTS = 16
_BIRTH = Path(__file__).with_name("birth")


class Soak:
    """A local cloud with everything that upsets it.

    Args:
        state: A folder of its own.
        until: When to give up, on the monotonic clock.
        regimes: What upsets it, one after the other.
    """

    def __init__(self, state: Path, until: float, regimes: Sequence[Regime] = REGIMES) -> None:
        self._state = state
        self._until = until
        self._regimes = regimes
        self._door = Door(seed=1)
        self._functions = Functions(state)
        self._killer = Killer(self._functions, 2, STOPPED_SECONDS)
        self._options = Options(
            state=state,
            parameters={"AwsEndpointUrl": self._door.url},
            variables=_variables(state),
            minute=MINUTE_SECONDS,
        )

    def run(self, jobs: int) -> bool:
        """Soak, print what came of it, and return whether all is well."""
        self._seal_fate(REGIMES[0])
        with ExitStack() as stack:
            stack.callback(self._door.close)
            cloud = stack.enter_context(LocalCloud(self._options))
            self._door.lead_to(cloud.endpoint)
            books = Books(cloud.endpoint)
            books.let_messages_return(round(3 * LEASE_SECONDS))
            self._killer.start()
            stack.callback(self._killer.stop)
            client = Client(cloud.url, self._until)
            played = [self._play(regime, client, numbers) for regime, numbers in _shares(jobs, self._regimes)]
            self._begin(REGIMES[0])
            return self._close(books, played)

    def _play(self, regime: Regime, client: Client, numbers: Sequence[int]) -> tuple[list[Followed], int]:
        """Follow some jobs under a regime, and return what was seen, and how many faults there were."""
        before = self._fired()
        self._begin(regime)
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            followed = list(clients.map(client.follow, numbers))
        seconds = time.monotonic() - began
        print(f"{regime.name}: {len(numbers)} jobs in {seconds:.0f} s", file=sys.stderr, flush=True)
        return followed, self._fired() - before

    def _begin(self, regime: Regime) -> None:
        self._seal_fate(regime)
        self._killer.upset(regime.kills)
        self._door.upset(regime.chances)

    def _seal_fate(self, regime: Regime) -> None:
        file = self._state / "fate.json"
        told = json.dumps(regime.fate)
        if not file.exists() or file.read_text() != told:
            file.write_text(told)
            self._functions.kill_workers()

    def _fired(self) -> int:
        births = self._state / "births"
        born = births.stat().st_size if births.exists() else 0
        return self._door.fired.total() + self._killer.did.total() + born

    def _close(self, books: Books, played: list[tuple[list[Followed], int]]) -> bool:
        jobs, waiting = books.jobs(), books.waiting()
        while (waiting or left_open(jobs)) and time.monotonic() < self._until:
            time.sleep(1)
            jobs, waiting = books.jobs(), books.waiting()
        unheard = unheard_of(books, [each for followed, _ in played for each in followed], jobs)
        total = Verdict()
        print(HEAD)
        for regime, (followed, fired) in zip(self._regimes, played, strict=True):
            verdict = judge(followed, jobs, unheard, fired)
            print(line(regime.name, verdict))
            total += verdict
        print(line("all", total))
        still_open = left_open(jobs).total()
        print(f"\n{len(jobs)} rows, {still_open} of them open; messages left in the queues: {waiting}")
        return total.holds and total.heard["accepted"] > 0 and not waiting and not still_open


def _variables(state: Path) -> dict[str, str]:
    layers = [str(path) for path in layer_paths(Template.read(Options().template))]
    return {
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "FAULTS_AT_BIRTH": str(state),
        "PYTHONPATH": ":".join([str(_BIRTH), *layers]),
    }


def _shares(jobs: int, regimes: Sequence[Regime]) -> list[tuple[Regime, Sequence[int]]]:
    """Return the numbers of the jobs of each regime: about as many for each."""
    ends = [jobs * place // len(regimes) for place in range(len(regimes) + 1)]
    return [(regime, range(*ends[place : place + 2])) for place, regime in enumerate(regimes)]


def main(arguments: list[str]) -> int:
    """Soak, and return 0 if every job ended well and the queues are empty."""
    parser = argparse.ArgumentParser(prog="python -m dev.faults.soak", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=2700, help="when to give up")
    parser.add_argument("--fault", default="", help="play only those whose names have this in them")
    options = parser.parse_args(arguments)
    regimes = [regime for regime in REGIMES if options.fault in regime.name]
    if not regimes:
        parser.error(f"there is no fault named {options.fault}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as state:
        well = Soak(Path(state), began + options.seconds, regimes).run(options.jobs)
    print(f"{'every promise is kept' if well else 'NOT AS PROMISED'}, in {time.monotonic() - began:.0f} s")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
