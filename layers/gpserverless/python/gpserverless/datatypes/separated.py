"""Lists as texts without brackets: `a,b`, `a;b`, `'a;b';c`."""

from __future__ import annotations

import re

# A part in quotation marks up to the next separator, else all up to it; possessive, so read once.
_PART = re.compile(r"""\s*+(?:'[^']*+'|"[^"]*+")\s*+(?=[;,]|\Z)|[^;,]*+""")


def split_separated(text: str, separators: str = ";,") -> list[str]:
    """Split a text at the first of the separators that it has; a text in quotation marks stays in one part.

    Args:
        text: The text; quotation marks count if they enclose a whole part, and are taken off.
        separators: The separators, in the order of trial.
    """
    cuts = _find_cuts(text)
    separator = next((s for s in separators if any(text[cut] == s for cut in cuts)), "")
    ends = [cut for cut in cuts if text[cut] == separator]
    starts = [0, *(end + 1 for end in ends)]
    return [_unquote(text[a:b].strip()) for a, b in zip(starts, [*ends, len(text)], strict=True)]


def split_rows(text: str) -> list[str]:
    """Split a text at the semicolons outside quotation marks, and leave the marks.

    Args:
        text: Rows of a value table as text.
    """
    ends = [cut for cut in _find_cuts(text) if text[cut] == ";"]
    starts = [0, *(end + 1 for end in ends)]
    return [text[a:b].strip() for a, b in zip(starts, [*ends, len(text)], strict=True)]


def _find_cuts(text: str) -> list[int]:
    cuts: list[int] = []
    start = 0
    while (end := _PART.match(text, start).end()) < len(text):  # type: ignore[union-attr]
        cuts.append(end)
        start = end + 1
    return cuts


def _unquote(part: str) -> str:
    mark = part[:1]
    is_quoted = mark in ("'", '"') and len(part) > 1 and part.endswith(mark) and mark not in part[1:-1]
    return part[1:-1] if is_quoted else part
