"""Handlers of queries of one layer: those of feature services, and of layers of other protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gpserverless.clock import Clock, SystemClock
from gpserverless.errors import InvalidParameter, MissingParameter, RequestError, TooLarge
from gpserverless.http.answer_format import FEATURE_FORMATS, FILE_FORMATS, PBF
from gpserverless.http.layer_definitions import ACCEPTED, MAX_DEFINITIONS, NAME, read_layer_definitions
from gpserverless.http.request import Request
from gpserverless.http.response import Response, fit_response, see_other
from gpserverless.http.write import write
from gpserverless.protocols.featureserver.answers import Answer, RowsAnswer, answer_query
from gpserverless.protocols.featureserver.documents import make_renderer
from gpserverless.protocols.featureserver.options import Options
from gpserverless.protocols.featureserver.ports import (
    AnswerStore,
    FeatureService,
    LayerReference,
    LayerSource,
)
from gpserverless.protocols.featureserver.read_filter import read_filter
from gpserverless.protocols.featureserver.read_query import read_query
from gpserverless.protocols.featureserver.write_json import dump, make_document


@dataclass(frozen=True)
class LayerQueries:
    """Answers queries of layers, for each protocol that names them.

    Attributes:
        source: Opens the layers.
        store: Keeps answers that are too large to be handed over.
        clock: The time, which CURRENT_TIMESTAMP means in conditions.
    """

    source: LayerSource
    store: AnswerStore
    clock: Clock = field(default_factory=SystemClock)

    def query_layer(
        self, request: Request, layer: LayerReference, others: Mapping[str, str] | None = None
    ) -> Response:
        """Return the answer to a query of a layer, or a redirect to one that is large.

        Args:
            request: The request.
            layer: The layer.
            others: Values that count instead of those of the request, by the name of their field.

        Raises:
            InvalidParameter: A field of the request is wrong.
            TooLarge: A client of JSONP cannot be redirected to an answer of this size.
        """
        answer = self._answer(self._read_options(request, others), layer, request.answer_format.name)
        return self._hand_over(request, _encode(answer, request.answer_format.name))

    def query_service(self, request: Request, service: FeatureService) -> Response:
        """Return the answers to queries of several layers at once.

        Args:
            request: The request.
            service: The service.

        Raises:
            MissingParameter: No layer is named.
            InvalidParameter: A field of the request is wrong.
        """
        numbers = {layer.number: layer for layer in service.layers}
        asked = self._read_options(request)
        text = asked.text(NAME, MAX_DEFINITIONS)
        if not text:
            raise MissingParameter(NAME, ACCEPTED)
        written = []
        for definition in read_layer_definitions(text):
            layer = numbers.get(definition.number)
            if layer is None:
                known = ", ".join(map(str, numbers))
                raise InvalidParameter(NAME, f"there is no layer {definition.number}", known)
            options = replace(asked, others=definition.fields, is_shared=True)
            try:
                answer = self._answer(options, layer, "json")
            except InvalidParameter as error:
                if error.parameter not in definition.fields:
                    raise
                problem = f"{error.parameter} of layer {layer.number}: {error.problem}"
                raise InvalidParameter(NAME, problem, error.accepted) from None
            written.append({"id": layer.number, **make_document(answer)})
        return self._hand_over(request, dump({"layers": written}))

    def get_feature(self, request: Request, layer: LayerReference, number: int) -> Response:
        """Return one feature of a layer.

        Args:
            request: The request.
            layer: The layer.
            number: Its object id.

        Raises:
            RequestError: There is no such feature.
        """
        fields = {"objectIds": str(number)}
        fields |= dict.fromkeys(("where", "geometry", "time", "quantizationParameters"), "")
        fields |= dict.fromkeys(_KINDS, "") | {"resultOffset": "", "resultRecordCount": ""}
        if not request.get("outFields"):
            fields["outFields"] = "*"
        document = make_document(self._answer(self._read_options(request, fields), layer, "json"))
        if not document["features"]:
            raise RequestError(f"The layer '{layer.manifest.name}' has no feature with the id {number}.")
        return self._hand_over(request, dump({"feature": document["features"][0]}))

    def generate_renderer(self, request: Request, layer: LayerReference) -> Response:
        """Return a renderer of classes of the rows of a layer, or that of the layer.

        Args:
            request: The request.
            layer: The layer.

        Raises:
            InvalidParameter: The definition of the classes is wrong, or the rows make no such classes.
            RequestError: A table is not drawn, and no classes are asked for.
        """
        from gpserverless.protocols.featureserver.class_renderers import make_class_renderer
        from gpserverless.protocols.featureserver.read_classification import read_classification

        options = self._read_options(request)
        definition = read_classification(options, layer.manifest)
        if definition is not None:
            wanted = read_filter(options, layer.manifest)
            with self.source.open_layer(layer) as opened:
                return write(make_class_renderer(opened, definition, wanted), request.answer_format)
        if layer.manifest.is_table:
            raise RequestError("A table is not drawn.")
        return write(make_renderer(layer), request.answer_format)

    def download_layer(self, request: Request, layer: LayerReference) -> Response:
        """Return all rows of a layer as a file, or a redirect to the function that writes it.

        Args:
            request: The request, whose format is that of the file.
            layer: The layer.

        Raises:
            InvalidParameter: It is no format of files of this layer.
            TooLarge: The layer is too large for one file.
        """
        from gpserverless.protocols.featureserver.whole_layer import (
            check_file,
            name_file,
            redirect_download,
            write_file,
        )

        name = request.answer_format.name
        check_file(layer.manifest, name)
        if name in FILE_FORMATS:
            return redirect_download(request)
        with self.source.open_layer(layer) as opened:
            body = write_file(opened, name, layer.renderer or layer.manifest.renderer)
        filename = name_file(layer.manifest, name)

        def store(response: Response) -> Response:
            url = self.store.store_answer(response.body, response.content_type, response.encoding, filename)
            return see_other(url)

        headers = {"content-disposition": f'attachment; filename="{filename}"'}
        answer = Response(body, FEATURE_FORMATS[name], headers=headers)
        return fit_response(answer, request.accepts_gzip, store)

    def _read_options(self, request: Request, others: Mapping[str, str] | None = None) -> Options:
        return Options(request, others or {}, self.clock.now())

    def _answer(self, options: Options, layer: LayerReference, format_name: str) -> Answer:
        query = read_query(options, layer.manifest, format_name)
        with self.source.open_layer(layer) as opened:
            answer = answer_query(opened, query)
        if isinstance(answer, RowsAnswer):
            layer.note_page(answer.exceeded)
        return answer

    def _hand_over(self, request: Request, body: bytes) -> Response:
        def store(response: Response) -> Response:
            if request.answer_format.callback:
                raise TooLarge("The answer is too large for JSONP; use f=json with CORS, or ask for less.")
            return see_other(self.store.store_answer(response.body, response.content_type, response.encoding))

        return fit_response(write(body, request.answer_format), request.accepts_gzip, store)


_KINDS = (
    "returnIdsOnly",
    "returnCountOnly",
    "returnExtentOnly",
    "returnDistinctValues",
    "outStatistics",
    "groupByFieldsForStatistics",
    "having",
    "havingClause",
    "orderByFields",
)


def _encode(answer: Answer, format_name: str) -> bytes:
    """Write an answer; what writes the other formats is loaded with their first request."""
    if format_name == PBF:
        from gpserverless.protocols.featureserver.write_pbf import encode_pbf

        return encode_pbf(answer)
    if format_name == "geojson":
        from gpserverless.protocols.featureserver.write_geojson import make_geojson

        return dump(make_geojson(answer))
    return dump(make_document(answer))
