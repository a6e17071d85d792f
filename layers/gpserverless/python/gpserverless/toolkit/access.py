"""The check of a rule for callers, as authors write it."""

from __future__ import annotations

from gpserverless.caller import Access
from gpserverless.errors import AuthoringError


def check_access(access: Access | None) -> Access | None:
    """Return a rule for callers, or None for no rule.

    Args:
        access: The rule as an author wrote it.

    Raises:
        AuthoringError: It is something else, which would let in everybody or nobody.
    """
    if access is None or isinstance(access, Access):
        return access
    raise AuthoringError(f"access is an Access, such as Access(groups={{'planners'}}), not {access!r}")
