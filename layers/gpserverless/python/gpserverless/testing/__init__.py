"""For tests: a whole site in memory, its parts, and fault injection. Nothing that is deployed imports it."""

from gpserverless.testing.access_rows import InMemoryAccessRows
from gpserverless.testing.clock import VirtualClock
from gpserverless.testing.faults import FaultInjection, FaultyPort
from gpserverless.testing.item_table import InMemoryItemTable
from gpserverless.testing.job_queue import InMemoryJobQueue
from gpserverless.testing.job_table import InMemoryJobTable
from gpserverless.testing.object_store import InMemoryObjectStore
from gpserverless.testing.recorded_run import RecordedRun
from gpserverless.testing.responses import ErrorAnswer, ExecuteAnswer, SiteResponse
from gpserverless.testing.runner import InProcessRunner
from gpserverless.testing.site import Site
from gpserverless.testing.submit_keys import InMemorySubmitKeys
from gpserverless.testing.use_rows import InMemoryUseRows

__all__ = [
    "ErrorAnswer",
    "ExecuteAnswer",
    "FaultInjection",
    "FaultyPort",
    "InMemoryAccessRows",
    "InMemoryItemTable",
    "InMemoryJobQueue",
    "InMemoryJobTable",
    "InMemoryObjectStore",
    "InMemorySubmitKeys",
    "InMemoryUseRows",
    "InProcessRunner",
    "RecordedRun",
    "Site",
    "SiteResponse",
    "VirtualClock",
]
