"""The closest targets of every source: the closest one, the closest few, or all within a distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.edge_pieces import Indices
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.links import Links, Rows, Surface, join_links
from gpserverless.analysis.watch import Watch

_FIRST_REACH = 0.25
"""Reach at which a few closest ones are first looked for, in distances that would hold them if spread evenly
over the diameter."""


@dataclass(frozen=True)
class Search:
    """The targets that are looked for.

    Attributes:
        reach: Longest distance; infinity for any.
        count: Most targets a source; None for all.
        tie: Shape (M,), the order of targets that are equally far.
        own: Shape (N,), the target that is the source itself and does not count; -1 for none.
    """

    reach: float
    count: int | None
    tie: Indices
    own: Indices


def find_links(surface: Surface, search: Search, watch: Watch) -> Links:
    """Return the links to the targets wanted.

    Args:
        surface: The sources and targets, and how they are measured.
        search: The targets that are looked for.
        watch: Takes the progress.

    Raises:
        ToolError: There would be more links than fit.
    """
    sources, targets = len(search.own), len(search.tie)
    if not sources or not targets:
        return join_links([])
    if search.count is None and search.reach >= surface.diameter:
        check_pairs(sources * targets)
    surface.build(watch, closest=search.count == 1 and bool((search.own < 0).all()))
    parts, total = [], 0
    for block in split_rows(sources, watch, "Measuring distances"):
        found = _find_in_block(surface, search, block)
        total += len(found)
        check_pairs(total)
        parts.append(found.shift(block.start))
    return join_links(parts)


def _find_in_block(surface: Surface, search: Search, block: slice) -> Links:
    own = search.own[block]
    if search.count == 1 and (own < 0).all():
        found = surface.find_closest(block, search.reach)
    else:
        found = _widen(surface, search, np.arange(block.start, block.stop))
    found = found.take(own[found.source] != found.target)
    if search.count is None:
        return found
    if search.count == 1:
        return found.closest(search.tie)
    found = found.sort(search.tie)
    return found.take(found.rank() <= search.count)


def _widen(surface: Surface, search: Search, rows: Rows) -> Links:
    """Double the reach of each source until it holds enough targets."""
    limit = min(search.reach, surface.diameter)
    wanted = len(search.tie) if search.count is None else search.count
    share = np.sqrt(min(wanted / len(search.tie), 1.0))
    reach = limit if search.count is None else min(limit, _FIRST_REACH * surface.diameter * share)
    todo, parts = np.arange(len(rows)), []
    while len(todo):
        found = surface.find_within(rows[todo], np.full(len(todo), reach))
        others = found.target != search.own[rows[todo]][found.source]
        counts = np.bincount(found.source[others], minlength=len(todo))
        done = (counts >= wanted) | (reach >= limit)
        kept = found.take(done[found.source])
        parts.append(Links(todo[kept.source], *list(vars(kept).values())[1:]))
        todo, reach = todo[~done], min(2 * reach, limit)
    return join_links(parts)
