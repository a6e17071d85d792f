"""The stores of a site in memory."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from gpserverless.app.job_ends import settle_job
from gpserverless.app.job_stores import JobStores
from gpserverless.app.layer_stores import LayerStores
from gpserverless.app.raster_stores import RasterStores
from gpserverless.cancellation import CheckCancelled
from gpserverless.featurelayers.cache import LayerCache
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.settings import QUEUES
from gpserverless.testing.clock import VirtualClock
from gpserverless.testing.item_table import InMemoryItemTable
from gpserverless.testing.job_queue import InMemoryJobQueue
from gpserverless.testing.job_table import InMemoryJobTable
from gpserverless.testing.object_store import InMemoryObjectStore
from gpserverless.testing.submit_keys import InMemorySubmitKeys
from gpserverless.testing.use_rows import InMemoryUseRows


class SiteStores:
    """The stores that the functions of a site share, and their clock.

    Attributes:
        clock: The time.
        objects: Inputs, results and files.
        queue: Jobs to work on, of every worker.
        use_rows: The use of callers.
        items: Hosted services.
        ledger: The ledger of jobs.
    """

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.objects = InMemoryObjectStore()
        self.queue = InMemoryJobQueue()
        self.use_rows = InMemoryUseRows()
        self.items = InMemoryItemTable()
        self._table = InMemoryJobTable(self.items)
        on_end = partial(settle_job, lambda: self.use_rows)
        self.ledger = Ledger(self._table, JobRules(), self.clock, on_end)

    def of_jobs(self) -> JobStores:
        """Return the stores of the function of jobs."""
        return JobStores(
            self.ledger, self.objects, dict.fromkeys(QUEUES, self.queue), InMemorySubmitKeys(), self.items
        )

    def of_layers(self) -> LayerStores:
        """Return the stores of the function of layers."""
        files = LayerCache(Path(tempfile.gettempdir(), "gpserverless-layers"), self._download)
        return LayerStores(self._table, self.items, self.objects, files)

    def of_rasters(self) -> RasterStores:
        """Return the stores of the function of rasters."""
        return RasterStores(self.ledger, self.objects, self._download, self.objects.get_range)

    def _download(self, key: str, path: Path, check_cancelled: CheckCancelled) -> None:
        check_cancelled()
        path.write_bytes(self.objects.get(key))
