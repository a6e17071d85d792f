"""Ids of executes: nobody can guess one, and that of a caller with a name is sealed with the name.

The id is part of the URL of every file that an execute stores. There is no record of it, so the id itself
says whose it is: a seal that only the right name makes.
"""

from __future__ import annotations

import hashlib
import secrets

from gpserverless.caller import Caller

_RANDOM_DIGITS = 32


def new_execute_id(owner: str) -> str:
    """Return the id of a new execute: 32 hexadecimal digits, or 64 if somebody owns it.

    Args:
        owner: Name of the caller, "" for anybody.
    """
    number = secrets.token_hex(_RANDOM_DIGITS // 2)
    return number + (_make_seal(number, owner) if owner else "")


def owns_execute(caller: Caller, execute_id: str) -> bool:
    """Return whether the files of an execute are a caller's to read.

    Args:
        caller: The caller.
        execute_id: The id, as a URL has it.
    """
    number, seal = execute_id[:_RANDOM_DIGITS], execute_id[_RANDOM_DIGITS:]
    is_own = secrets.compare_digest(seal, _make_seal(number, caller.name))
    return not seal or is_own or caller.is_administrator


def _make_seal(number: str, owner: str) -> str:
    return hashlib.sha256(f"{number} {owner}".encode()).hexdigest()[:_RANDOM_DIGITS]
