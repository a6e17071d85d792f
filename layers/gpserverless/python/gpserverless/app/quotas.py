"""Quotas of callers: counted before a job, an execute or an upload, and settled at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from gpserverless.access.quotas import QuotaCheck, Quotas, Use, UseRows, settle
from gpserverless.app.logs import make_logger
from gpserverless.app.metrics import Execution, measure_execute
from gpserverless.caller import Caller
from gpserverless.clock import SystemClock
from gpserverless.errors import StorageError
from gpserverless.toolkit.call import Call

if TYPE_CHECKING:  # an execute needs nothing of jobs
    from gpserverless.jobs.job import NewJob

logger = make_logger()

OpenUseRows = Callable[[], UseRows]


def use_rows_of(table: str) -> OpenUseRows:
    """Return the function that opens the use of callers; nothing is loaded where there are no quotas.

    Args:
        table: Name of the table of jobs.
    """

    @cache
    def open_use_rows() -> UseRows:
        from gpserverless.storage.clients import dynamodb_client
        from gpserverless.storage.use_rows import DynamoUseRows

        return DynamoUseRows(dynamodb_client(prompt=True), table)

    return open_use_rows


class CallerQuotas:
    """Counts the use of callers.

    Args:
        check: The quotas.
    """

    def __init__(self, check: QuotaCheck) -> None:
        self._check = check

    @classmethod
    def of(cls, quotas: Quotas, table: str) -> CallerQuotas:
        """Return the quotas of a function.

        Args:
            quotas: The quotas.
            table: Name of the table of jobs.
        """
        return cls(QuotaCheck(quotas, use_rows_of(table), SystemClock()))

    def charge_job(self, new: NewJob) -> NewJob:
        """Count a job before it is stored, and return it with its payer.

        Args:
            new: The job.

        Raises:
            QuotaReached: A quota is used up.
        """
        begun = "" if new.problem or not self._check.quotas.open_jobs else new.id
        use = Use(jobs=1, bytes=new.call.size, begun=begun)
        return replace(new, origin=replace(new.origin, payer=self._check.charge(new.call.caller, use)))

    def charge_upload(self, caller: Caller, size: int) -> None:
        """Count the bytes of an upload.

        Args:
            caller: The caller.
            size: The bytes.

        Raises:
            QuotaReached: A quota is used up.
        """
        self._check.charge(caller, Use(bytes=size))

    @contextmanager
    def measure_execute(self, call: Call) -> Iterator[Execution]:
        """Count an execute, also for the metrics, however the block ends.

        Args:
            call: The call.

        Raises:
            QuotaReached: A quota is used up, and the block is not run.
        """
        at, began = self._check.clock.now(), time.perf_counter()
        payer = self._check.charge(call.caller, Use(jobs=1, bytes=call.size))
        with measure_execute(call) as execution:
            try:
                yield execution
            finally:
                milliseconds = round((time.perf_counter() - began) * 1000)
                use = Use(milliseconds=milliseconds, bytes=execution.bytes_out)
                settle_use(self._check.open_rows, payer, at, use)


def settle_use(open_rows: OpenUseRows, payer: str, at: int, use: Use) -> None:
    """Count a use when it is over. It does not fail: the run cannot be undone.

    Args:
        open_rows: Opens the use of callers.
        payer: Who pays, "" for nobody.
        at: When it was charged, in ms since 1970 UTC.
        use: The use that is added.
    """
    if not payer:
        return
    try:
        settle(open_rows(), payer, at, use)
    except StorageError as problem:
        logger.warning("use not counted", extra={"problem": str(problem)})
