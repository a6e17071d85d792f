"""The results of a subject: tables, budgets and plots."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

Cell = str | float | int | None
"""A text, a number, or nothing where there is nothing to measure."""


@dataclass(frozen=True)
class Budget:
    """A limit, and its measurement.

    Attributes:
        what: The quantity.
        asked: The limit.
        found: The measure.
        unit: Its unit.
        at_least: Whether more is better.
    """

    what: str
    asked: float
    found: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the measurement keeps the limit."""
        return self.found >= self.asked if self.at_least else self.found <= self.asked

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The budget as a row."""
        bound = "at least" if self.at_least else "at most"
        asked = f"{bound} {format_cell(self.asked)} {self.unit}"
        return self.what, asked, f"{format_cell(self.found)} {self.unit}", "yes" if self.met else "**no**"


@dataclass(frozen=True)
class Table:
    """One table of one subject.

    Attributes:
        name: A word for it: its plot is `<name>.svg`.
        title: Its heading.
        columns: Their headings; the first is that of the rows' names.
        rows: The cells.
        note: How it was measured, in Markdown.
        budgets: Limits of its numbers.
        plot: Its plot, if it has one.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    budgets: tuple[Budget, ...] = ()
    plot: Plot | None = None

    def text(self) -> str:
        """Return the table for a terminal."""
        cells = [self.columns, *(tuple(map(format_cell, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(_align(row, widths)).rstrip() for row in cells]
        return "\n".join([f"\n{self.title}", *lines])

    def markdown(self) -> str:
        """Return the table in Markdown, numbers to the right."""
        rule = ["---", *["--:"] * (len(self.columns) - 1)]
        rows = [self.columns, rule, *(tuple(map(format_cell, row)) for row in self.rows)]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)


@dataclass(frozen=True)
class Series:
    """One line of a plot: its name, and its points."""

    name: str
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if any(a[0] >= b[0] for a, b in pairwise(self.points)):
            raise ValueError(f"the points of '{self.name}' must go to the right")


@dataclass(frozen=True)
class Plot:
    """Lines over one axis.

    Attributes:
        title: Its title.
        x: Quantity and unit of the horizontal axis.
        y: Quantity and unit of the vertical axis.
        series: The lines.
        limit: A budget, as a line across.
    """

    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    limit: float | None = None


def format_cell(cell: Cell) -> str:
    """Return a cell as it is read: three digits that count, thousands apart."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.3g}" if abs(cell) >= 0.001 or cell == 0 else f"{cell:.2g}"


def _align(row: tuple[str, ...], widths: list[int]) -> list[str]:
    first, *rest = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
