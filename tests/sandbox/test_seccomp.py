"""A filter refuses the calls that it names, on both processors, and nothing else."""

from __future__ import annotations

import errno
from collections.abc import Sequence

import pytest

from gpserverless.sandbox.seccomp import ARCHITECTURES, CALLS, Instruction, Refusal, build_filter

X86_64, AARCH64, I386 = 0xC000003E, 0xC00000B7, 0x40000003
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSALS = (
    Refusal("socket", errno.ENONET),
    Refusal("kill", argument=0, values=(7, 0xFFFFFFFF)),
    Refusal("prlimit64", argument=0, values=(0,), others=True),
    Refusal("setpriority", argument=0, values=(2,)),
    Refusal("setpriority", argument=1, values=(0, 9), others=True),
)


def run(program: Sequence[Instruction], architecture: int, number: int, arguments: Sequence[int]) -> int:
    """Run a filter as the kernel does (linux/filter.h, linux/seccomp.h), and return what it returns."""
    words = {0: number, 4: architecture}
    for place, argument in enumerate(arguments):
        words |= {16 + 8 * place: argument & 0xFFFFFFFF, 20 + 8 * place: argument >> 32 & 0xFFFFFFFF}
    at = held = 0
    while True:
        code, if_true, if_false, constant = program[at]
        at += 1
        match code:
            case 0x20:
                held = words.get(constant, 0)
            case 0x15:
                at += if_true if held == constant else if_false
            case 0x35:
                at += if_true if held >= constant else if_false
            case 0x06:
                return constant
            case _:
                raise ValueError(code)


# Numbers of calls as the kernel's own tables have them: syscall_64.tbl and asm-generic/unistd.h.
READ, SOCKET, KILL_CALL, PRLIMIT, SETPRIORITY = (0, 63), (41, 198), (62, 129), (302, 261), (141, 140)
CASES = [
    ("a call that is not named", READ, (2,), 0),
    ("a call that is always refused", SOCKET, (1, 2), errno.ENONET),
    ("a value that is refused", KILL_CALL, (7,), errno.EPERM),
    ("a negative value that is refused", KILL_CALL, (-1,), errno.EPERM),
    ("another value", KILL_CALL, (8,), 0),
    ("the value in the upper half", KILL_CALL, (7 << 32,), 0),
    ("the value with something in the upper half", KILL_CALL, (1 << 32 | 7,), errno.EPERM),
    ("the one value that is allowed", PRLIMIT, (0, 7), 0),
    ("all others", PRLIMIT, (1, 7), errno.EPERM),
    ("two rules, both kept", SETPRIORITY, (0, 9), 0),
    ("two rules, the first broken", SETPRIORITY, (2, 0), errno.EPERM),
    ("two rules, the second broken", SETPRIORITY, (0, 1), errno.EPERM),
]


@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize(("numbers", "arguments", "error"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_filter_of(machine: str, numbers: tuple[int, int], arguments: tuple[int, ...], error: int) -> None:
    column = ["x86_64", "aarch64"].index(machine)
    found = run(build_filter(REFUSALS, machine), (X86_64, AARCH64)[column], numbers[column], arguments)
    assert found == (0x00050000 | error if error else ALLOW)


@pytest.mark.parametrize(
    ("machine", "architecture", "number"),
    [
        ("x86_64", I386, 359),
        ("x86_64", AARCH64, 198),
        ("x86_64", X86_64, 0x40000000 | 41),
        ("aarch64", X86_64, 41),
    ],
    ids=["32 bits", "another processor", "x32", "another processor's too"],
)
def test_calls_of_another_kind_end_the_process(machine: str, architecture: int, number: int) -> None:
    assert run(build_filter(REFUSALS, machine), architecture, number, ()) == KILL


def test_no_two_calls_have_one_number() -> None:
    for column in range(2):
        assert len({numbers[column] for numbers in CALLS.values()}) == len(CALLS)
