"""What a job costs: what it uses of AWS, times a table of prices.

    dollars = gigabyte-seconds of its workers + invocations + table reads and writes
              + objects written and read + queue messages

An estimate, told to the caller. Counted are the submit, every attempt from the start of its function to its
end, and the writing of the outcome. Left out is what a job does not decide, or what nobody knows when its
last row is written: the callers' polls, downloads and egress; logs; what is stored and for how long; starts
of functions; disk beyond 512 MB; fetched inputs; sweeps of the reaper; any free tier or discount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gpserverless.jobs.rules import PART_BYTES

AS_OF = "2026-11-21"
REGION = "us-east-1"
"""When and where the prices were read; other regions are up to a third dearer."""

SOURCES = (
    "https://aws.amazon.com/lambda/pricing/",
    "https://aws.amazon.com/dynamodb/pricing/on-demand/",
    "https://aws.amazon.com/s3/pricing/",
    "https://aws.amazon.com/sqs/pricing/",
)


@dataclass(frozen=True)
class Prices:
    """Dollars for one unit of everything.

    Attributes:
        gb_second: Memory of a function for a second, by its processor; a gigabyte has 1,024 MB.
        invocation: One invocation of a function.
        write: One write unit of a table on demand: up to 1 KB, and each entry of an index that changes.
        read: One strongly consistent read unit: up to 4 KB.
        put: One object, or part of one, that is written.
        get: One object that is read.
        message: One request to a queue.
    """

    gb_second: tuple[tuple[str, Decimal], ...] = (
        ("arm64", Decimal("0.0000133334")),
        ("x86_64", Decimal("0.0000166667")),
    )
    invocation: Decimal = Decimal("0.0000002")
    write: Decimal = Decimal("0.000000625")
    read: Decimal = Decimal("0.000000125")
    put: Decimal = Decimal("0.000005")
    get: Decimal = Decimal("0.0000004")
    message: Decimal = Decimal("0.0000004")


PRICES = Prices()


@dataclass(frozen=True)
class FunctionSize:
    """The machine of a function: its memory in MB, of which 0 is unknown and costs nothing; its processor."""

    megabytes: int = 0
    processor: str = "arm64"


UNKNOWN = FunctionSize()


def processor_of(machine: str) -> str:
    """Return the processor, as Lambda calls it, of what `uname` calls a machine."""
    return "arm64" if machine.lower() in ("arm64", "aarch64") else "x86_64"


@dataclass(frozen=True, kw_only=True)
class Used:
    """What was used of AWS; `milliseconds` are a function's, everything else is in units of `Prices`."""

    milliseconds: int = 0
    invocations: int = 0
    writes: int = 0
    reads: int = 0
    puts: int = 0
    gets: int = 0
    messages: int = 0


_INDEXED = 2  # a row that moves within its index is taken out of it, and put in again

SUBMIT = Used(puts=1, writes=1 + 1 + 1 + _INDEXED, messages=1)
"""The inputs, the row as New and as Submitted with its entry in the index, the message."""

ENDING = Used(writes=1 + 1)
"""An outcome that no worker writes: the row, and its entry in the index that goes."""


def attempt(milliseconds: int, *, beats: int, looks: int, puts: int, row_bytes: int) -> Used:
    """Return what one attempt uses: its function, and one claim, one reading of inputs and one outcome.

    Args:
        milliseconds: How long its function was busy with it.
        beats: How often it renewed its lease.
        looks: How often it read the row.
        puts: Objects and parts that it wrote.
        row_bytes: Size of the row in the end; it was never larger.
    """
    return Used(
        milliseconds=milliseconds,
        invocations=1,
        writes=(2 + beats) * (_units(row_bytes, 1024) + _INDEXED),
        reads=looks * _units(row_bytes, 4096),
        puts=puts,
        gets=1,
        messages=2,  # received, and deleted or handed back
    )


def puts_of(sizes: Iterable[int]) -> int:
    """Return how many requests it takes to write objects of these sizes; large ones go in parts."""
    return sum(1 if size <= PART_BYTES else 2 + _units(size, PART_BYTES) for size in sizes)


def dollars(used: Used, function_size: FunctionSize = UNKNOWN, prices: Prices = PRICES) -> Decimal:
    """Return what something costs.

    Args:
        used: What was used.
        function_size: The machine whose milliseconds they are.
        prices: The prices.
    """
    gb_seconds = Decimal(used.milliseconds * function_size.megabytes) / (1000 * 1024)
    return (
        gb_seconds * dict(prices.gb_second)[function_size.processor]
        + used.invocations * prices.invocation
        + used.writes * prices.write
        + used.reads * prices.read
        + used.puts * prices.put
        + used.gets * prices.get
        + used.messages * prices.message
    )


def _units(size: int, unit: int) -> int:
    return max(1, -(-size // unit))
