"""Questions at the terminal."""

from __future__ import annotations

import sys

import typer


def ask_password() -> str:
    """Ask twice for a password, without showing it; a program sends it as one line of the standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
