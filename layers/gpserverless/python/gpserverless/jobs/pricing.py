"""The price of a job: the units of AWS that it uses, times a table of prices.

    dollars = gigabyte-seconds of its workers + invocations + table reads and writes
              + objects written and read + queue messages

This is an estimate for the caller. It counts the submit, every attempt from the start of its function to its
end, and the writing of the outcome. It leaves out costs that a job does not decide, or that are not known yet
when its last row is written: polls, downloads and egress; logs; storage; starts of functions; disk beyond
512 MB; fetched inputs; sweeps of the reaper; any free tier or discount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gpserverless.jobs.rules import PART_BYTES

AS_OF = "2026-11-21"
REGION = "us-east-1"
"""Date and region of the prices; other regions are up to a third dearer."""

SOURCES = (
    "https://aws.amazon.com/lambda/pricing/",
    "https://aws.amazon.com/dynamodb/pricing/on-demand/",
    "https://aws.amazon.com/s3/pricing/",
    "https://aws.amazon.com/sqs/pricing/",
)


@dataclass(frozen=True)
class Prices:
    """Dollars for one unit of everything."""

    #: Memory of a function for a second, by its processor; a gigabyte has 1,024 MB.
    gb_second: tuple[tuple[str, Decimal], ...] = (
        ("arm64", Decimal("0.0000133334")),
        ("x86_64", Decimal("0.0000166667")),
    )
    #: One invocation of a function.
    invocation: Decimal = Decimal("0.0000002")
    #: One write unit of a table on demand: up to 1 KB, and each entry of an index that changes.
    write: Decimal = Decimal("0.000000625")
    #: One strongly consistent read unit: up to 4 KB.
    read: Decimal = Decimal("0.000000125")
    #: One object, or part of one, that is written.
    put: Decimal = Decimal("0.000005")
    #: One object that is read.
    get: Decimal = Decimal("0.0000004")
    #: One request to a queue.
    message: Decimal = Decimal("0.0000004")


PRICES = Prices()


@dataclass(frozen=True)
class FunctionSize:
    """The machine of a function: its memory in MB (0 if unknown, which costs nothing), and its processor."""

    megabytes: int = 0
    processor: str = "arm64"


UNKNOWN = FunctionSize()


def processor_of(machine: str) -> str:
    """Return Lambda's name of the processor that `uname -m` names.

    Args:
        machine: Output of `uname -m`.
    """
    return "arm64" if machine.lower() in ("arm64", "aarch64") else "x86_64"


@dataclass(frozen=True, kw_only=True)
class BilledUnits:
    """Use of AWS: milliseconds of a function, and everything else in the units of `Prices`."""

    milliseconds: int = 0
    invocations: int = 0
    writes: int = 0
    reads: int = 0
    puts: int = 0
    gets: int = 0
    messages: int = 0


_INDEXED = 2  # a row that moves within its index is taken out of it, and put in again

SUBMIT = BilledUnits(puts=1, writes=1 + 1 + 1 + _INDEXED, messages=1)
"""The inputs, the row as New and as Submitted with its entry in the index, the message."""

LISTING = BilledUnits(writes=1)
"""The entry in the index of owners, if the owner has a name; it goes with the row, without a charge."""

REJECTION = BilledUnits(puts=1, writes=1)
"""The inputs, and the row of a job whose call is wrong."""

ENDING = BilledUnits(writes=1 + 1)
"""An outcome that no worker writes: the row, and its entry in the index that goes."""


def count_attempt(milliseconds: int, *, beats: int, reads: int, puts: int, row_bytes: int) -> BilledUnits:
    """Return the units of one attempt: its function, one claim, one reading of inputs and one outcome.

    Args:
        milliseconds: How long its function was busy with it.
        beats: How often it renewed its lease.
        reads: How often it read the row.
        puts: Objects and parts that it wrote.
        row_bytes: Size of the row in the end; it was never larger.
    """
    return BilledUnits(
        milliseconds=milliseconds,
        invocations=1,
        writes=(2 + beats) * (_units(row_bytes, 1024) + _INDEXED),
        reads=reads * _units(row_bytes, 4096),
        puts=puts,
        gets=1,
        messages=2,  # received, and deleted or handed back
    )


def count_puts(sizes: Iterable[int]) -> int:
    """Return the number of requests that write objects of these sizes in bytes; large ones go in parts.

    Args:
        sizes: Sizes of the objects in bytes.
    """
    return sum(1 if size <= PART_BYTES else 2 + _units(size, PART_BYTES) for size in sizes)


def price(units: BilledUnits, function_size: FunctionSize = UNKNOWN, prices: Prices = PRICES) -> Decimal:
    """Return the price of units in dollars.

    Args:
        units: The units.
        function_size: The machine whose milliseconds they are.
        prices: The prices.
    """
    gb_seconds = Decimal(units.milliseconds * function_size.megabytes) / (1000 * 1024)
    return (
        gb_seconds * dict(prices.gb_second)[function_size.processor]
        + units.invocations * prices.invocation
        + units.writes * prices.write
        + units.reads * prices.read
        + units.puts * prices.put
        + units.gets * prices.get
        + units.messages * prices.message
    )


def _units(size: int, unit: int) -> int:
    return max(1, -(-size // unit))
