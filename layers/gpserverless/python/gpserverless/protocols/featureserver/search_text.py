"""The field `text` of queries of the layers of maps: a part of the text in the display field of a layer."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.errors import InvalidParameter
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.features.fields import STRING, Field
from gpserverless.features.sql.scan import MAX_LENGTH
from gpserverless.http.request import Request
from gpserverless.protocols.featureserver.documents import find_display_field

NAME = "text"

_ESCAPE = "!"


def read_search(request: Request, manifest: LayerManifest) -> Mapping[str, str]:
    """Return the fields of a query that find a text, by their names; none without a text or with `where`.

    Letter case matters, as by ArcGIS.

    Args:
        request: The query.
        manifest: The layer.

    Raises:
        InvalidParameter: The text is too long, or the layer has no texts.
    """
    text = request.get(NAME, MAX_LENGTH // 3)  # with every character escaped, it is still a condition
    if not text.strip() or request.get("where").strip():
        return {}
    fields = [Field.from_json(each) for each in manifest.fields]
    name = find_display_field(fields)
    if next(field for field in fields if field.name == name).type != STRING:
        raise InvalidParameter(NAME, f"the layer '{manifest.name}' has no field of texts", "where")
    literal = "".join(_ESCAPE + each if each in (_ESCAPE, "%", "_") else each for each in text)
    literal = literal.replace("'", "''")
    column = name.replace('"', '""')
    return {"where": f"\"{column}\" LIKE '%{literal}%' ESCAPE '{_ESCAPE}'"}
