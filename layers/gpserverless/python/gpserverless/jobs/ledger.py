"""The ledger of jobs: each method makes one move of `transitions`, at a time and by rules."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.jobs.api_moves import ApiMoves
from gpserverless.jobs.recovery_moves import RecoveryMoves
from gpserverless.jobs.worker_moves import WorkerMoves


@dataclass(frozen=True)
class Ledger(ApiMoves, WorkerMoves, RecoveryMoves):
    """All moves of jobs, by the program that makes them; see `LedgerBase` for its fields and errors."""
