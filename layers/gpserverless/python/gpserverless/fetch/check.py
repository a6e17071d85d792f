"""Checks of references without fetching them, for the function that takes jobs in."""

from __future__ import annotations

from collections.abc import Callable

from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidValue
from gpserverless.fetch.layer_url import parse_layer
from gpserverless.fetch.policy import Policy


def check_reference(
    reference: Reference, policy: Policy, portal: str, is_own: Callable[[str], bool] = lambda url: False
) -> None:
    """Raise unless a reference would be followed, as far as its URL tells.

    Args:
        reference: The reference.
        policy: The servers that inputs may come from.
        portal: URL of the portal whose items may be named, or "".
        is_own: Returns whether a URL is that of a result, a file, an upload or a layer of this site; raises
            if it leads to this site and to none of them.

    Raises:
        InvalidValue: It would not be followed.
    """
    check_selection(reference)
    if reference.url and is_own(reference.url):
        return
    if reference.portal_item_id:
        policy.check(portal_url(portal, reference.portal_item_id))
    elif reference.url:
        policy.check(reference.url)
        if reference.kind in ("features", "table"):
            parse_layer(reference)


def check_selection(reference: Reference) -> None:
    """Raise if a reference selects features and leads to no layer: a file would come whole, without a word.

    Raises:
        InvalidValue: It has a `filter` or a `time` that cannot be followed.
    """
    selects = {"filter": reference.where.replace(" ", "") not in ("", "1=1"), "time": bool(reference.time)}
    is_layer = reference.kind in ("features", "table") and reference.url and parse_layer(reference)
    if any(selects.values()) and not is_layer:
        name = next(name for name, is_set in selects.items() if is_set)
        raise InvalidValue(
            f"its '{name}' is for the features of a layer, and it names none", "the URL of a layer"
        )


def portal_url(portal: str, item_id: str) -> str:
    """Return the URL of the file of a portal item.

    Args:
        portal: URL of the portal, or "".
        item_id: Id of the item.

    Raises:
        InvalidValue: No portal is configured.
    """
    if not portal:
        raise InvalidValue("no portal is configured whose items could be read", '{"url": …} or {"itemID": …}')
    return f"{portal.rstrip('/')}/sharing/rest/content/items/{item_id}/data"
