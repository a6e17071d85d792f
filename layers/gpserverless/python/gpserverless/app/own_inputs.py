"""Inputs that lie on this site, put together."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.stores import open_items, open_table
from gpserverless.calls.layer_query import LayerQuery
from gpserverless.cancellation import CheckCancelled
from gpserverless.clock import SystemClock
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.protocols.gpserver.own_resources import OwnResources, StoredObjects
from gpserverless.protocols.gpserver.own_urls import OwnUrls

if TYPE_CHECKING:
    from gpserverless.app.fetching import InputSettings
    from gpserverless.fetch.inputs import UploadedItems


def make_own_resources(
    settings: InputSettings, objects: StoredObjects, uploads: UploadedItems
) -> OwnResources:
    """Return what reads results, files, uploads and layers of this site.

    Args:
        settings: The settings of the function.
        objects: The store of results, files and layers.
        uploads: Uploaded items.
    """
    open_ledger = cache(partial(_open_ledger, settings.table))
    # Of all services: a function that runs tools has loaded those of its own worker alone.
    open_catalogue = cache(partial(load_catalogue, settings.switched_on, settings.secured))
    urls = OwnUrls(open_ledger, open_catalogue, cache(partial(open_items, settings.items_table)))
    return OwnResources(urls, objects, uploads, write_layer)


def _open_ledger(table: str) -> Ledger:
    """Open the ledger of jobs, to read it."""
    return Ledger(open_table(table), JobRules(), SystemClock())


def write_layer(path: Path, asked: LayerQuery, target: Path, check: CheckCancelled) -> None:
    """Write the rows of a layer that are an input; see `calls.layer_query.WriteLayer`.

    Args:
        path: The layer file.
        asked: The part of it that a value names.
        target: Receives the JSON.
        check: Called several times a second; it raises to end the work.

    Raises:
        InvalidValue: The query is wrong, or gives no value for the parameter.
    """
    from gpserverless.protocols.featureserver.write_input import write_input  # most calls name no layer

    write_input(path, asked, target, check, SystemClock().now())
