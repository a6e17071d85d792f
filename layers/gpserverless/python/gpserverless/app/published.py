"""The catalogue of what is published: for light functions from its file, for heavy ones from the tools."""

from __future__ import annotations

from collections.abc import Iterable

from gpserverless.toolkit.catalogue import Catalogue, from_file, path_of


def from_catalogue_file(switched_on: Iterable[str]) -> Catalogue:
    """Return what is published, from the file beside the toolboxes; no tool is imported.

    Raises:
        SettingsError: There is no package of toolboxes.
    """
    return Catalogue.of(from_file(path_of().read_bytes()), switched_on)
