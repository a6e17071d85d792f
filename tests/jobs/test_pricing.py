"""The bill: worked examples, reckoned by hand from the table of prices."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import pytest

from gpserverless.jobs.pricing import (
    ENDING,
    LISTING,
    SUBMIT,
    UNKNOWN,
    BilledUnits,
    FunctionSize,
    count_attempt,
    count_puts,
    price,
    processor_of,
)
from gpserverless.jobs.rules import PART_BYTES

CORE = FunctionSize(1769)
LARGE = FunctionSize(3538)
ON_X86 = FunctionSize(3538, "x86_64")


class Example(NamedTuple):
    """What was used, on which machine, and what it costs."""

    name: str
    used: BilledUnits
    function_size: FunctionSize
    dollars: str


EXAMPLES = [
    Example("nothing", BilledUnits(), LARGE, "0"),
    Example("1 GB-second", BilledUnits(milliseconds=1000), FunctionSize(1024), "0.0000133334"),
    Example(
        "1 GB-second on x86", BilledUnits(milliseconds=1000), FunctionSize(1024, "x86_64"), "0.0000166667"
    ),
    # 1769 / 1024 GB x 5 s = 8.637695 GB-s
    Example("5 s at 1769 MB", BilledUnits(milliseconds=5000), CORE, "0.000115170"),
    # 3538 / 1024 GB x 300 s = 1036.523438 GB-s
    Example("5 min at 3538 MB", BilledUnits(milliseconds=300_000), LARGE, "0.013820382"),
    Example("… on x86", BilledUnits(milliseconds=300_000), ON_X86, "0.017275425"),
    Example("a machine of unknown size", BilledUnits(milliseconds=300_000), UNKNOWN, "0"),
    Example("a million invocations", BilledUnits(invocations=1_000_000), LARGE, "0.20"),
    Example("a million writes", BilledUnits(writes=1_000_000), LARGE, "0.625"),
    Example("a million reads", BilledUnits(reads=1_000_000), LARGE, "0.125"),
    Example("a thousand objects written", BilledUnits(puts=1000), LARGE, "0.005"),
    Example("a thousand objects read", BilledUnits(gets=1000), LARGE, "0.0004"),
    Example("a million messages", BilledUnits(messages=1_000_000), LARGE, "0.40"),
    # 1 x 0.000005 + 5 x 0.000000625 + 1 x 0.0000004
    Example("a submit", SUBMIT, LARGE, "0.000008525"),
    Example("the listing of an owner's job", LISTING, LARGE, "0.000000625"),
    Example("an outcome without a worker", ENDING, LARGE, "0.00000125"),
    # 0.0000002 + 2 x 3 x 0.000000625 + 0.000005 + 0.0000004 + 2 x 0.0000004, and 2 s x 3538 MB
    Example(
        "a small attempt",
        count_attempt(2000, beats=0, reads=0, puts=1, row_bytes=900),
        LARGE,
        "0.000102286",
    ),
    # 15 beats of 62 + 2 units and two writes more, 285 looks of 16 units, and 300 s x 3538 MB
    Example(
        "a long attempt that says much",
        count_attempt(300_000, beats=15, reads=285, puts=3, row_bytes=63_000),
        LARGE,
        "0.015086782",
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_price(example: Example) -> None:
    exactly = price(example.used, example.function_size)
    assert exactly.quantize(Decimal("0.000000001")) == Decimal(example.dollars).quantize(
        Decimal("0.000000001")
    )


@pytest.mark.parametrize(
    ("sizes", "requests"),
    [
        ([], 0),
        ([0], 1),
        ([5, PART_BYTES], 2),
        ([PART_BYTES + 1], 4),  # begun, two parts, completed
        ([10 * PART_BYTES, 1], 13),
    ],
)
def test_count_puts(sizes: list[int], requests: int) -> None:
    assert count_puts(sizes) == requests


@pytest.mark.parametrize(
    ("machine", "processor"), [("aarch64", "arm64"), ("arm64", "arm64"), ("x86_64", "x86_64")]
)
def test_price_is_known_for_every_processor(machine: str, processor: str) -> None:
    assert processor_of(machine) == processor
    assert price(BilledUnits(milliseconds=1), FunctionSize(1024, processor)) > 0
