"""Code for the clients in JavaScript: @arcgis/core and @esri/arcgis-rest-request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from gpserverless.protocols.directory.snippets.snippet import CodeLine, Piece, Snippet
from gpserverless.protocols.directory.snippets.values import Given

_CORE_FEATURES = 'import FeatureSet from "@arcgis/core/rest/support/FeatureSet.js";'


def make_core(url: str, given: Sequence[Given], outputs: Sequence[str], *, is_synchronous: bool) -> Snippet:
    """Return the code for the ArcGIS Maps SDK.

    Args:
        url: URL of the task.
        given: The values of its inputs.
        outputs: Names of its outputs.
        is_synchronous: Whether the task is synchronous.
    """
    imports = ['import * as geoprocessor from "@arcgis/core/rest/geoprocessor.js";']
    if any(each.is_features for each in given):
        imports.append(_CORE_FEATURES)
    if is_synchronous:
        begin, end = f"const {{ results }} = await geoprocessor.execute({_text(url)}, {{", ["});"]
    else:
        begin = f"const job = await geoprocessor.submitJob({_text(url)}, {{"
        fetch = [f"const {{ value }} = await job.fetchResultData({_text(name)});" for name in outputs[:1]]
        end = ["});", "await job.waitForJobCompletion();", *fetch]
    lines = _join([*imports, "", begin], _core_fields(given), end)
    return Snippet("arcgis-core", "@arcgis/core", lines)


def make_rest(url: str, given: Sequence[Given], *, is_synchronous: bool) -> Snippet:
    """Return the code for ArcGIS REST JS.

    Args:
        url: URL of the task.
        given: The values of its inputs.
        is_synchronous: Whether the task is synchronous.
    """
    if is_synchronous:
        begin = [
            'import { request } from "@esri/arcgis-rest-request";',
            "",
            f"const {{ results }} = await request({_text(url + '/execute')}, {{",
        ]
        end = ["  },", "});"]
    else:
        begin = [
            'import { Job } from "@esri/arcgis-rest-request";',
            "",
            "const job = await Job.submitJob({",
            f"  url: {_text(url + '/submitJob')},",
        ]
        end = ["  },", "});", "const results = await job.getAllResults();"]
    lines = _join([*begin, "  params: {"], _rest_fields(given), end)
    return Snippet("arcgis-rest-request", "arcgis-rest-request", lines)


def _join(begin: Iterable[str], fields: Iterable[CodeLine], end: Iterable[str]) -> tuple[CodeLine, ...]:
    return (*map(CodeLine.of, begin), *fields, *map(CodeLine.of, end))


def _core_fields(given: Sequence[Given]) -> Iterator[CodeLine]:
    for each in given:
        wraps = each.is_features and not each.is_blank
        yield _field("  ", each, ("FeatureSet.fromJSON(", ")") if wraps else ("", ""))


def _rest_fields(given: Sequence[Given]) -> Iterator[CodeLine]:
    for each in given:
        yield _field("    ", each, ("JSON.stringify(", ")") if each.is_list else ("", ""))


def _field(indent: str, given: Given, wrap: tuple[str, str]) -> CodeLine:
    name = given.name if given.name.isidentifier() else _text(given.name)
    value = Piece(given.javascript, given.name, "json")
    pieces = (Piece(f"{indent}{name}: {wrap[0]}"), value, Piece(f"{wrap[1]},"))
    return CodeLine(pieces, given.name, given.is_blank)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
