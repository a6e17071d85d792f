"""Hosted services as items of a portal: the change of an item that a change of a service asks for."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.errors import StorageError
from gpserverless.fetch.portal import BadToken, Portal, PortalRefusal
from gpserverless.items.names import service_url
from gpserverless.items.portal_item import PortalItem, read_portal_item, write_portal_item
from gpserverless.items.ports import ItemTable
from gpserverless.items.service import HostedService

ITEM_TYPE = "Feature Service"

_KEYWORD = "GPServerless"


@dataclass(frozen=True)
class ServiceChange:
    """A change of the row of a hosted service.

    Attributes:
        before: The service before it, None if there was none.
        after: The service after it, None if there is none.
    """

    before: HostedService | None
    after: HostedService | None


@dataclass(frozen=True)
class Registration:
    """Keeps the items of a portal as the hosted services are.

    Attributes:
        items: The table of hosted services.
        portal: The portal.
    """

    items: ItemTable
    portal: Portal

    def follow(self, change: ServiceChange) -> str:
        """Make the change of an item, and return the word for it.

        A change that comes again is followed once: the row of the item has the version that the portal knows.
        If the row could not be written, the item is found by its keyword, so that there is no second one.

        Args:
            change: The change.

        Raises:
            InvalidValue: The portal does not answer, or refuses; see `PortalRefusal`.
            StorageError: The table cannot be reached.
        """
        before, after = change.before, change.after
        if after is None:
            return "" if before is None else self._remove(before.name, before.id)
        row = read_portal_item(self.items, after.name)
        earlier = {*([before.id] if before else []), *([row.service_id] if row else [])} - {after.id}
        left = "".join(self._replace(after.name, service_id) for service_id in earlier)
        return self._register(after) + left

    def _register(self, service: HostedService) -> str:
        row = read_portal_item(self.items, service.name)
        known = row if row is not None and row.service_id == service.id else None
        if known is not None and known.version == service.version:
            return "registered before"
        item_id, word = self._write_item(service, "" if known is None else known.item_id)
        new = PortalItem(service.id, service.version, item_id)
        if not write_portal_item(self.items, service.name, row, new):
            raise StorageError("the item's row was changed at the same moment")
        return word

    def _write_item(self, service: HostedService, item_id: str) -> tuple[str, str]:
        """Update an item that is there, or add one; return its id, and the word for it."""
        properties = _describe(service)
        item_id = item_id or next(iter(self.portal.find(_make_keyword(service.id))), "")
        if item_id:
            try:
                self.portal.update(item_id, properties)
            except BadToken:
                raise
            except PortalRefusal:  # somebody has removed it, or given it to another user
                if self.portal.find(_make_keyword(service.id)):
                    raise
            else:
                return item_id, "updated"
        title = {"type": ITEM_TYPE, "title": service.name}
        return self.portal.add({**title, **properties}), "added"

    def _replace(self, name: str, service_id: str) -> str:
        """Remove what another service has in the place of one; return what to say if it stays."""
        try:
            self._remove(name, service_id)
        except BadToken:
            raise
        except PortalRefusal as refusal:
            return f"; an item of the service before stays: {refusal.problem}"
        return ""

    def _remove(self, name: str, service_id: str) -> str:
        row = read_portal_item(self.items, name)
        known = row if row is not None and row.service_id == service_id else None
        known_id = "" if known is None else known.item_id
        try:
            if known_id:
                self.portal.remove(known_id)
            # Of an item that was added twice, since its answer was lost, the row knows one alone.
            others = [each for each in self.portal.find(_make_keyword(service_id)) if each != known_id]
            for item_id in others:
                self.portal.remove(item_id)
        finally:  # a result must not name an item of a service that is gone, also if the portal fails
            if known is not None:
                write_portal_item(self.items, name, known, None)
        return "removed" if known_id or others else "nothing to remove"


def _make_keyword(service_id: str) -> str:
    return f"{_KEYWORD}-{service_id}"


def _describe(service: HostedService) -> dict[str, str]:
    tags = [tag.replace(",", " ") for tag in service.tags] or [_KEYWORD]
    return {
        "url": service_url(service.root, service.name),
        "tags": ",".join(tags),
        "snippet": service.snippet,
        "description": service.description,
        "typeKeywords": f"{_KEYWORD},{_make_keyword(service.id)}",
    }
