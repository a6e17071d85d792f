"""The table of settings takes its variables and defaults from the template."""

from __future__ import annotations

import pytest

from dev.reference.settings_table import write_line


@pytest.mark.parametrize(
    ("stale", "made"),
    [
        ("| `SECURED` | `Secured` | `true` | sign in |", "| `SECURED` | `Secured` | `false` | sign in |"),
        ("| | `Secured` | `false` | sign in |", "| `SECURED` | `Secured` | `false` | sign in |"),
        ("| `BUCKET` | `Secured` | `false` | sign in |", "| `SECURED` | `Secured` | `false` | sign in |"),
        ("| `RUN_SECONDS` | | 1 | longest |", "| `RUN_SECONDS` | | 840 | longest |"),
        ("| | `WorkerMemory` | 1 | memory |", "| | `WorkerMemory` | 3008 | memory |"),
        ("| `PORTAL_URL` | `PortalUrl` | x | portal |", "| `PORTAL_URL` | `PortalUrl` | none | portal |"),
        ("| `BUCKET` | | made by the stack | jobs |", "| `BUCKET` | | made by the stack | jobs |"),
        ("|---|---|---|---|", "|---|---|---|---|"),
        ("A sentence.", "A sentence."),
    ],
)
def test_line_is_that_of_the_template(stale: str, made: str) -> None:
    assert write_line(stale) == made
