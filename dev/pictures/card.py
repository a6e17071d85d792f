"""The card of a picture: two maps side by side, with a head above and a key below each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from dev.pictures.frame import Frame
from dev.pictures.look import (
    EDGE,
    GAP,
    MAP_WIDTH,
    OUTPUT,
    PADDING,
    PAPER,
    QUIET,
    SEA,
    TEXT,
    WIDTH,
    Style,
)

_HEAD, _KEY, _TOP = 46.0, 40.0, 20.0


@dataclass(frozen=True)
class Key:
    """A line of the key below a map.

    Attributes:
        style: The look of the shapes.
        text: Their meaning.
        kind: Shape of the sample.
    """

    style: Style
    text: str
    kind: str = "area"


@dataclass(frozen=True)
class Side:
    """One half of a picture.

    Attributes:
        name: Name of the parameter.
        text: Its content, in some words.
        draw: Yields the elements of the map in a frame.
        key: The lines of the key.
        ground: Colour of the ground.
    """

    name: str
    text: str
    draw: Callable[[Frame], Iterable[str]]
    key: Sequence[Key] = ()
    ground: str = SEA


@dataclass(frozen=True)
class Scene:
    """A picture of a task.

    Attributes:
        title: What is seen, in a sentence, for those who cannot see it.
        before: The input.
        after: The output.
        frames: The frames of both maps: their bounds and stretch count, the card gives them their place.
    """

    title: str
    before: Side
    after: Side
    frames: tuple[Frame, Frame]


def make_frame(bounds: tuple[float, ...], stretch: float = 1.0) -> Frame:
    """Return a frame of the width of a map; the card gives it its place.

    Args:
        bounds: xmin, ymin, xmax, ymax.
        stretch: See `Frame`.
    """
    left, bottom, right, top = bounds
    return Frame((left, bottom, right, top), 0, 0, MAP_WIDTH, stretch)


def draw_card(scene: Scene) -> str:
    """Return the SVG of a picture.

    Args:
        scene: The picture.
    """
    high = max(frame.height for frame in scene.frames)
    height = _TOP + _HEAD + high + _KEY + 10
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" '
            'font-family="system-ui, -apple-system, Segoe UI, Roboto, Liberation Sans, sans-serif" '
            'font-size="13">',
            f"<title>{escape(scene.title)}</title>",
            f'<rect width="{WIDTH:.0f}" height="{height:.0f}" rx="12" fill="{PAPER}"/>',
            *_draw_side(scene.before, scene.frames[0], PADDING, high, "Input"),
            *_draw_side(scene.after, scene.frames[1], PADDING + MAP_WIDTH + GAP, high, "Output"),
            *_draw_arrow(_TOP + _HEAD + high / 2),
            "</svg>\n",
        ]
    )


def _draw_side(side: Side, frame: Frame, x: float, high: float, word: str) -> Iterator[str]:
    y = _TOP + _HEAD + (high - frame.height) / 2
    placed = Frame(frame.bounds, x, y, frame.width, frame.stretch)
    rectangle = f'x="{x:g}" y="{y:.1f}" width="{MAP_WIDTH:g}" height="{frame.height:.1f}" rx="8"'
    clip = f"map-{word.lower()}"
    yield (
        f'<text x="{x:g}" y="{_TOP + 10:g}" font-size="11" font-weight="600" letter-spacing="1.2" '
        f'fill="{QUIET}">{word.upper()}</text>'
    )
    yield (
        f'<text x="{x:g}" y="{_TOP + 31:g}" font-size="14" fill="{QUIET}"><tspan font-weight="650" '
        f'fill="{TEXT}">{escape(side.name)}</tspan><tspan dx="8">{escape(side.text)}</tspan></text>'
    )
    yield f'<clipPath id="{clip}"><rect {rectangle}/></clipPath>'
    yield f'<g clip-path="url(#{clip})"><rect {rectangle} fill="{side.ground}"/>'
    yield from side.draw(placed)
    yield f'</g><rect {rectangle} fill="none" stroke="{EDGE}"/>'
    yield from _draw_key(side.key, x, _TOP + _HEAD + high + 26)


def _draw_key(key: Sequence[Key], x: float, y: float) -> Iterator[str]:
    for line in key:
        if line.kind == "point":
            yield f'<circle cx="{x + 8:g}" cy="{y - 4:g}" r="5" {line.style.write()}/>'
        elif line.kind == "line":
            yield f'<path d="M{x:g} {y - 4:g}h16" {line.style.write()}/>'
        else:
            yield f'<rect x="{x:g}" y="{y - 11:g}" width="16" height="14" rx="3" {line.style.write()}/>'
        yield f'<text x="{x + 23:g}" y="{y:g}" fill="{QUIET}">{escape(line.text)}</text>'
        x += 23 + 7.1 * len(line.text) + 18


def _draw_arrow(y: float) -> Iterator[str]:
    x = WIDTH / 2
    yield f'<circle cx="{x:g}" cy="{y:.1f}" r="15" fill="{OUTPUT}"/>'
    yield (
        f'<path d="M{x - 6:g} {y:.1f}h11m-5-5l5 5l-5 5" fill="none" stroke="{PAPER}" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )
