"""The table of legal moves itself: what the invariants of jobs demand of it."""

from __future__ import annotations

from collections import Counter

import pytest

from gpserverless.jobs import transitions as t
from gpserverless.jobs.move import Guard, Move, Writer
from gpserverless.jobs.status import FINAL, OPEN, Status
from gpserverless.jobs.transitions import MOVES

INDEX = {"open_shard", "due_at"}
LEASE = {"lease_owner", "lease_until"}
FINAL_MOVES = [move for move in MOVES if move.sources and move.target in FINAL]


def test_moves_have_all_numbers() -> None:
    assert sorted({int(move.number[1:]) for move in MOVES}) == list(range(1, 23))
    assert max(Counter(move.name for move in MOVES).values()) == 1


def test_final_statuses_are_left_by_removal_only() -> None:
    assert [move for move in MOVES if set(move.sources) & set(FINAL)] == [t.HIDE, t.FORGET]


def test_deleting_leads_to_deleted_only() -> None:
    leaving = [move for move in MOVES if Status.DELETING in move.sources]
    assert {move.target for move in leaving} == {Status.DELETED}
    assert [move for move in MOVES if move.target is Status.DELETING] == [t.HIDE]


@pytest.mark.parametrize("move", FINAL_MOVES, ids=lambda move: move.name)
def test_final_moves_drop_lease_and_index_and_set_expiry(move: Move) -> None:
    assert set(move.removes) >= LEASE | INDEX
    assert {"ended_at", "expires_at", "ttl_at", "done_by"} <= set(move.sets)


def test_rows_begin_as_a_job_to_be_queued_or_as_one_that_has_failed() -> None:
    assert {move.name: move.target for move in MOVES if not move.sources} == {
        "create": Status.NEW,
        "reject": Status.FAILED,
    }


def test_open_jobs_stay_in_the_index() -> None:
    assert not [move for move in MOVES if move not in FINAL_MOVES and INDEX & set(move.removes)]


def test_results_are_set_by_a_worker_with_its_lease_only() -> None:
    showing = [move for move in MOVES if "results" in move.sets]
    assert showing == [t.SUCCEED]
    assert t.SUCCEED.sources == (Status.EXECUTING,)
    assert [guard.attribute for guard in t.SUCCEED.guards] == ["lease_owner"]


def test_runs_start_with_a_bounded_claim_only() -> None:
    assert [move for move in MOVES if move.target is Status.EXECUTING] == [t.CLAIM]
    assert [move for move in MOVES if "attempt" in move.counts] == [t.CLAIM]
    assert Guard("attempt", "<", "max_attempts") in t.CLAIM.guards
    assert Status.NEW not in t.CLAIM.sources


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_reaper_and_dead_letters_move_only_the_row_they_saw(move: Move) -> None:
    watched = move.writer in (Writer.REAPER, Writer.DEAD_LETTERS)
    assert (Guard("rev", "=", "rev") in move.guards) == watched


def test_open_statuses_can_all_be_left_by_the_reaper() -> None:
    left = {source for move in MOVES if move.writer is Writer.REAPER for source in move.sources}
    assert left == {*OPEN, Status.DELETING}
