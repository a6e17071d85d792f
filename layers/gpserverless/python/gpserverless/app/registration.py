"""The function that registers hosted services in a portal."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gpserverless.app.batch import partial_failure
from gpserverless.app.logs import make_logger
from gpserverless.errors import InvalidValue, SettingsError, StorageError
from gpserverless.fetch.portal import BadToken, Portal, PortalLogin, PortalRefusal
from gpserverless.fetch.registration import Registration, ServiceChange
from gpserverless.items.ports import ItemTable
from gpserverless.settings import Settings
from gpserverless.storage.item_stream import read_service_change

logger = make_logger()

PAUSE_SECONDS = 600.0
"""How long a portal that has refused the sign-in is not asked: some lock a user out after five refusals in a
quarter of an hour."""


@dataclass(frozen=True)
class RegistrationSettings(Settings):
    """Settings of the function that registers hosted services."""

    items_table: str
    portal_url: str
    portal_user: str
    portal_password: str = field(repr=False)
    portal_token: str = field(repr=False)


class RegistrationFunction:
    """Answers the stream of changes of the table of hosted services.

    The table is its own outbox: each change that shows, overwrites, expires or removes a service writes its
    row. So no job waits for a portal that does not answer, and no service is forgotten.

    Args:
        items: The table of hosted services.
        open_portal: Opens the portal; None if services are registered nowhere.
        read_seconds: Reads a clock that never goes back.
    """

    def __init__(
        self,
        items: ItemTable,
        open_portal: Callable[[], Portal] | None,
        read_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._items = items
        self._read_seconds = read_seconds
        self._open_portal = open_portal
        self._silent_until = -math.inf

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> RegistrationFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        from gpserverless.app.stores import open_items

        settings = RegistrationSettings.read(environment)
        return cls(open_items(settings.items_table), make_open_portal(settings))

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the stream with the records that should come again.

        Args:
            event: A Lambda event of DynamoDB.
        """
        failed = [
            str(record["dynamodb"]["SequenceNumber"])
            for record in event["Records"]
            if not self._process(record)
        ]
        return partial_failure(failed)

    def _process(self, record: Mapping[str, Any]) -> bool:
        """Return whether a record is done with: what the portal refuses, it would refuse again.

        Where the secret is refused, it comes again, without the portal being asked. So the trigger gives it
        up, and an alarm tells of it.
        """
        if self._open_portal is None:
            return True
        try:
            change = read_service_change(record)
        except ValueError as problem:  # it would never be understood
            logger.error("record not understood", extra={"problem": str(problem)})
            return True
        service = change.after or change.before
        about = {"hosted": service.name if service else ""}
        try:
            word = self._follow(self._open_portal, change)
        except (InvalidValue, StorageError) as problem:
            is_over = isinstance(problem, PortalRefusal) and not isinstance(problem, BadToken)
            logger.warning("portal not told", extra={**about, "problem": str(problem), "again": not is_over})
            return is_over
        logger.info("portal told", extra={**about, "outcome": word})
        return True

    def _follow(self, open_portal: Callable[[], Portal], change: ServiceChange) -> str:
        if self._read_seconds() < self._silent_until:
            raise BadToken("the portal has refused the sign-in lately")
        portal = open_portal()
        try:
            return Registration(self._items, portal).follow(change)
        except BadToken:
            self._silent_until = self._read_seconds() + PAUSE_SECONDS
            raise
        finally:
            portal.close()


def make_open_portal(settings: RegistrationSettings) -> Callable[[], Portal] | None:
    """Return what opens the portal; None if the settings name no owner of items.

    Args:
        settings: The settings of the function.

    Raises:
        SettingsError: A setting is missing beside another one, or is wrong.
    """
    if not settings.portal_user:
        return None
    if bool(settings.portal_password) == bool(settings.portal_token):
        raise SettingsError("With PORTAL_USER, set either PORTAL_PASSWORD or PORTAL_TOKEN.")
    login = PortalLogin(settings.portal_user, settings.portal_password, settings.portal_token)

    def open_portal() -> Portal:
        return Portal(settings.portal_url, login)

    try:
        open_portal().close()
    except InvalidValue as problem:
        raise SettingsError(f"PORTAL_URL or PORTAL_USER is wrong: {problem.problem}.") from None
    return open_portal
