"""Pictures of a map."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import orjson

from gpserverless.clock import Clock, SystemClock
from gpserverless.drawing.canvas import PixelCanvas
from gpserverless.drawing.encode import FORMATS, WHITE, encode_image
from gpserverless.drawing.labels import LabelPlaces, read_label_classes
from gpserverless.drawing.renderer import read_renderer
from gpserverless.drawing.svg import SvgCanvas
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.geometry.boxes import MOST_TURNS, shows_more_turns
from gpserverless.http.answer_format import IMAGE
from gpserverless.http.picture_answers import WriteDocument, describe_picture, limit_life
from gpserverless.http.picture_store import PictureStore
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.protocols.mapserver.draw_layer import LayerStyle, Sheet, draw_layer
from gpserverless.protocols.mapserver.picture_memory import PictureMemory, StoredPicture
from gpserverless.protocols.mapserver.ports import Map, MapLayer, MapSource
from gpserverless.protocols.mapserver.read_export import Export, read_export

_SVG_POLICY = "default-src 'none'; img-src data:; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class Picture:
    """A picture of a map.

    Attributes:
        content: Its bytes.
        messages: Sentences about features that it does not show.
    """

    content: bytes
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exporter:
    """Answers the requests for pictures.

    Attributes:
        source: Opens layers.
        pictures: Keeps pictures.
        clock: The time.
    """

    source: MapSource
    pictures: PictureStore
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def memory(self) -> PictureMemory:
        """The pictures that were stored last."""
        return PictureMemory(self.clock.now)

    def export(self, request: Request, shown: Map) -> Response:
        """Return a picture, or the URL of one.

        Args:
            request: The request.
            shown: The map.

        Raises:
            InvalidParameter: An option is wrong.
            TooLarge: There are too many vertices.
            RequestError: It takes too long.
        """
        return self.answer(request, shown, read_export(request, shown, self.clock.now()))

    def answer(
        self, request: Request, shown: Map, asked: Export, write_document: WriteDocument = dict
    ) -> Response:
        """Return a picture, or a document with the URL of one.

        Args:
            request: The request.
            shown: The map.
            asked: The picture that the request wants.
            write_document: Makes the document of that of the picture.

        Raises:
            InvalidParameter: A condition is wrong.
            TooLarge: There are too many vertices.
            RequestError: It takes too long.
        """
        if request.answer_format.name == IMAGE:
            return self._send(request, shown, asked)
        stored = self.memory.find_or_store(
            request.root, asked, lambda: self._store(request.root, asked, self.draw(asked))
        )
        document = describe_picture(
            stored.href, asked.view, asked.reference, (*asked.notes, *stored.messages)
        )
        return write(write_document(document), request.answer_format)

    def _send(self, request: Request, shown: Map, asked: Export) -> Response:
        """Return a picture itself, or a redirect to one that is large."""
        picture = self.draw(asked)
        headers = self._list_headers(shown, asked)
        answer = Response(picture.content, FORMATS[asked.format][1], headers=headers)
        return answer if answer.fits else see_other(self._store(request.root, asked, picture).href)

    def _store(self, root: str, asked: Export, picture: Picture) -> StoredPicture:
        ending, content_type = FORMATS[asked.format]
        href = self.pictures.store_picture(root, picture.content, content_type, ending)
        return StoredPicture(href, picture.messages)

    def draw(self, asked: Export) -> Picture:
        """Draw a picture.

        Args:
            asked: The picture that is wanted.

        Raises:
            InvalidParameter: A condition is wrong.
            TooLarge: There are too many vertices.
            RequestError: It takes too long.
        """
        view = asked.view
        is_svg = asked.format == "svg"
        canvas = (SvgCanvas if is_svg else PixelCanvas)(view.width, view.height)
        sheet = Sheet(canvas, view, asked.reference, LabelPlaces(view))
        messages = self._draw_layers(sheet, asked)
        if isinstance(canvas, SvgCanvas):
            content = canvas.to_bytes(None if asked.transparent else WHITE)
        else:
            image = canvas.to_image()
            content = encode_image(image, asked.format, transparent=asked.transparent, dpi=view.dpi)
        return Picture(content, tuple(messages))

    def _draw_layers(self, sheet: Sheet, asked: Export) -> list[str]:
        if not asked.layers:
            return ["No layer is shown."]
        messages: list[str] = []
        count = 0
        for layer in reversed(asked.layers):
            style, problem = find_style(layer)
            messages += problem
            if layer.manifest.count:
                count += self._draw_layer(sheet, layer, asked, style)
        messages += _list_timeless(asked)
        messages += sheet.places.messages
        if shows_more_turns(sheet.view.extent, sheet.reference):
            messages.append(f"The map repeats itself more often; {2 * MOST_TURNS + 1} turns of it are drawn.")
        if not asked.is_on_map:
            messages.append("This part of the map has no place in imageSR.")
        elif not count:
            messages.append("There is no feature in this part of the map.")
        return messages

    def _draw_layer(self, sheet: Sheet, layer: MapLayer, asked: Export, style: LayerStyle) -> int:
        wanted = asked.conditions.filter_layer(layer)
        with self.source.open_layer(layer) as file:
            try:
                if not asked.is_on_map:
                    return 0
                return draw_layer(sheet, file, wanted, style)
            except InvalidValue as error:
                name = "layerDefs" if wanted.where else "imageSR"
                raise InvalidParameter(name, error.problem, error.accepted) from None

    def _list_headers(self, shown: Map, asked: Export) -> dict[str, str]:
        headers = {"content-security-policy": _SVG_POLICY} if asked.format == "svg" else {}
        return headers | limit_life(shown.expires, self.clock.now())


def _list_timeless(asked: Export) -> list[str]:
    """Return a sentence for each layer to which the time that is asked for says nothing."""
    if asked.conditions.time is None:
        return []
    names = [layer.manifest.name for layer in asked.layers if layer.manifest.time is None]
    return [f"The layer '{name}' has no time; it is drawn as it is at any time." for name in names]


def find_style(layer: MapLayer) -> tuple[LayerStyle, list[str]]:
    """Return how a layer is drawn, and sentences about what of its renderer is not.

    Args:
        layer: The layer.
    """
    manifest = layer.manifest
    try:
        return _read_style(manifest), []
    except InvalidValue as error:
        sentence = f"The layer '{manifest.name}' is drawn with the default symbol: {error.problem}."
        return LayerStyle(read_renderer({}, manifest.geometry_type)), [sentence]


def _read_style(manifest: LayerManifest) -> LayerStyle:
    return _read_style_of(
        orjson.dumps(dict(manifest.renderer)), manifest.geometry_type, _list_names(manifest)
    )


def _list_names(manifest: LayerManifest) -> tuple[str, ...]:
    return tuple(str(field["name"]).lower() for field in manifest.fields)


@lru_cache(maxsize=64)
def _read_style_of(renderer: bytes, geometry_type: str, names: tuple[str, ...]) -> LayerStyle:
    document = orjson.loads(renderer)
    style = LayerStyle(read_renderer(document, geometry_type), read_label_classes(document))
    needed = [*style.renderer.fields, *(name for label in style.labels for name in label.fields)]
    missing = [name for name in needed if name.lower() not in names]
    if missing:
        raise InvalidValue(f"there is no field '{missing[0][:60]}'", ", ".join(names))
    return style
