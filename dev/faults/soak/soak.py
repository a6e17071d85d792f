"""The soak: a local cloud under one regime of faults after the other, and the audit in the end.

Everything is real but AWS itself: HTTP, the functions' processes, their tools' processes. Then every job must
have one outcome, the one that its client saw, and every queue must be empty. Leases are short, and the reaper
runs every two seconds, so that lost jobs are soon found.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from dev.faults.soak.audit import StackReader, audit, count_open, find_unreported_jobs
from dev.faults.soak.client import FollowedJob, SoakClient
from dev.faults.soak.processes import FunctionProcesses, ProcessKiller
from dev.faults.soak.proxy import AwsProxy
from dev.faults.soak.regimes import LEASE_SECONDS, REGIMES, STOPPED_SECONDS, Regime
from dev.faults.tables import HEAD, format_verdict
from dev.faults.verdict import Verdict
from local.cloud import LocalCloud
from local.functions import layer_paths
from local.options import ServeOptions
from local.template import Template

MINUTE_SECONDS = 2.0
CLIENTS = 16
_STARTUP_HOOK = Path(__file__).with_name("startup_hook")


@dataclass(frozen=True)
class _RegimeRun:
    """The jobs that were followed under one regime, and the number of its faults."""

    regime: str
    followed: Sequence[FollowedJob]
    fired: int


class Soak:
    """A local cloud and its faults.

    Args:
        state: An empty folder.
        until: When to give up, on the monotonic clock.
        regimes: The regimes, one after the other.
    """

    def __init__(self, state: Path, until: float, regimes: Sequence[Regime] = REGIMES) -> None:
        self._state = state
        self._until = until
        self._regimes = regimes
        self._proxy = AwsProxy(seed=1)
        self._functions = FunctionProcesses(state)
        self._killer = ProcessKiller(self._functions, 2, STOPPED_SECONDS)
        self._options = ServeOptions(
            state=state,
            parameters={"AwsEndpointUrl": self._proxy.url},
            variables=_build_variables(state),
            minute=MINUTE_SECONDS,
        )

    def run(self, jobs: int) -> bool:
        """Run the soak, print its table, and return whether every promise was kept."""
        self._set_startup_faults(REGIMES[0])
        with ExitStack() as stack:
            stack.callback(self._proxy.close)
            cloud = stack.enter_context(LocalCloud(self._options))
            self._proxy.forward_to(cloud.endpoint)
            reader = StackReader(cloud.endpoint)
            reader.set_visibility_timeout(round(3 * LEASE_SECONDS))
            self._killer.start()
            stack.callback(self._killer.stop)
            client = SoakClient(cloud.url, self._until)
            runs = [
                self._run_regime(regime, client, numbers)
                for regime, numbers in _share_jobs(jobs, self._regimes)
            ]
            self._set_regime(REGIMES[0])
            return self._audit(reader, runs)

    def _run_regime(self, regime: Regime, client: SoakClient, numbers: Sequence[int]) -> _RegimeRun:
        before = self._count_faults()
        self._set_regime(regime)
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            followed = list(clients.map(client.follow, numbers))
        seconds = time.monotonic() - began
        print(f"{regime.name}: {len(numbers)} jobs in {seconds:.0f} s", file=sys.stderr, flush=True)
        return _RegimeRun(regime.name, followed, self._count_faults() - before)

    def _set_regime(self, regime: Regime) -> None:
        self._set_startup_faults(regime)
        self._killer.set_faults(regime.kills)
        self._proxy.set_faults(regime.chances)

    def _set_startup_faults(self, regime: Regime) -> None:
        file = self._state / "startup_faults.json"
        text = json.dumps(regime.startup_faults)
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
            self._functions.kill_workers()

    def _count_faults(self) -> int:
        starts = self._state / "starts"
        started = starts.stat().st_size if starts.exists() else 0
        return self._proxy.fired.total() + self._killer.fired.total() + started

    def _audit(self, reader: StackReader, runs: Sequence[_RegimeRun]) -> bool:
        jobs, waiting = reader.read_jobs(), reader.count_messages()
        while (waiting or count_open(jobs)) and time.monotonic() < self._until:
            time.sleep(1)
            jobs, waiting = reader.read_jobs(), reader.count_messages()
        unreported = find_unreported_jobs(reader, [job for run in runs for job in run.followed], jobs)
        total = Verdict()
        print(HEAD)
        for run in runs:
            verdict = audit(run.followed, jobs, unreported, run.fired)
            print(format_verdict(run.regime, verdict))
            total += verdict
        print(format_verdict("all", total))
        still_open = count_open(jobs).total()
        print(f"\n{len(jobs)} rows, {still_open} of them open; messages left in the queues: {waiting}")
        return total.holds and total.answers["accepted"] > 0 and not waiting and not still_open


def _build_variables(state: Path) -> dict[str, str]:
    layers = [str(path) for path in layer_paths(Template.read(ServeOptions().template))]
    return {
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "STARTUP_FAULTS": str(state),
        "PYTHONPATH": ":".join([str(_STARTUP_HOOK), *layers]),
    }


def _share_jobs(jobs: int, regimes: Sequence[Regime]) -> list[tuple[Regime, Sequence[int]]]:
    """Share the numbers of the jobs among the regimes."""
    ends = [jobs * place // len(regimes) for place in range(len(regimes) + 1)]
    return [(regime, range(*ends[place : place + 2])) for place, regime in enumerate(regimes)]
