"""Code for the ArcGIS API for Python, and for ArcGIS Pro, whose Python has it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.snippets.snippet import CodeLine, Piece, Snippet
from gpserverless.protocols.directory.snippets.values import Given

_PRO = Text(
    "ArcGIS Pro adds toolboxes by SOAP, which this site does not speak. Its Python calls the task even so."
)
_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_CAPITAL = re.compile(r"([a-z0-9])([A-Z])")


def make_arcgis(url: str, given: Sequence[Given], *, is_synchronous: bool) -> Snippet:
    """Return the code for the ArcGIS API for Python.

    Args:
        url: URL of the task.
        given: The values of its inputs.
        is_synchronous: Whether the task is synchronous.
    """
    imports = ["from arcgis.geoprocessing import import_toolbox"]
    if any(each.is_features for each in given):
        imports.insert(0, "from arcgis.features import FeatureSet")
    end = [] if is_synchronous else ["print(job.status, job.messages)", "result = job.result()"]
    lines = (*map(CodeLine.of, imports), *_call(url, given, is_synchronous), *map(CodeLine.of, end))
    return Snippet("arcgis-python", "ArcGIS API for Python", lines)


def make_pro(url: str, given: Sequence[Given]) -> Snippet:
    """Return the code for the Python of ArcGIS Pro, with features of its layers.

    Args:
        url: URL of the task.
        given: The values of its inputs.
    """
    imports = ["import arcpy", "from arcgis.geoprocessing import import_toolbox"]
    if any(each.is_features for each in given):
        imports.insert(1, "from arcgis.features import FeatureSet")
    lines = (*map(CodeLine.of, imports), *_call(url, given, is_synchronous=True, is_pro=True))
    return Snippet("arcpy", "ArcPy", lines, _PRO)


def name_function(name: str) -> str:
    """Return the name of the function or argument that the client makes of a name: in small letters.

    Args:
        name: Name of a task or a parameter.
    """
    spaced = name.replace(" ", "_")
    return _CAPITAL.sub(r"\1_\2", _WORD.sub(r"\1_\2", spaced)).replace("__", "_").lower()


def _call(
    url: str, given: Sequence[Given], is_synchronous: bool, *, is_pro: bool = False
) -> Iterator[CodeLine]:
    service, _, task = url.rpartition("/")
    yield CodeLine.of("")
    yield CodeLine.of(f"toolbox = import_toolbox({json.dumps(service)})")
    yield CodeLine.of(f"{'result' if is_synchronous else 'job'} = toolbox.{name_function(task)}(")
    for each in given:
        yield _argument(each, is_pro)
    if not is_synchronous:
        yield CodeLine.of("    future=True,")
    yield CodeLine.of(")")


def _argument(given: Given, is_pro: bool) -> CodeLine:
    name = name_function(given.name)
    if given.is_features and is_pro:
        text = f'    {name}=FeatureSet.from_json(arcpy.FeatureSet("{name}").JSON),'
        return CodeLine((Piece(text),), given.name, given.is_blank)
    value = Piece(given.python, given.name, "python")
    if given.is_features and not given.is_blank:
        pieces = (Piece(f"    {name}=FeatureSet.from_dict("), value, Piece("),"))
    else:
        pieces = (Piece(f"    {name}="), value, Piece(","))
    return CodeLine(pieces, given.name, given.is_blank)
