"""SQL's LIKE as a regular expression."""

from __future__ import annotations

import re


def compile_like(like: str, escape: str = "") -> re.Pattern[str]:
    """Compile a pattern of LIKE; a match takes time linear in the text for each %.

    The text between two % is matched at its first place only (an atomic group): a later place leaves less for
    the rest.

    Args:
        like: The pattern: % is any text, _ any character.
        escape: The character that makes a % or _ behind it literal; "" for none.
    """
    chunks, characters = [""], iter(like)
    for character in characters:
        if character == escape:
            chunks[-1] += re.escape(next(characters, escape))
        elif character == "%":
            chunks.append("")
        else:
            chunks[-1] += "." if character == "_" else re.escape(character)
    first, *middle = chunks
    last = f".*{middle.pop()}" if middle else ""
    return re.compile(
        "(?s:" + first + "".join(f"(?>.*?{chunk})" for chunk in middle if chunk) + last + r")\Z"
    )
