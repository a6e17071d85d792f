"""Arcs and Bezier curves as chains of vertices.

An arc has 128 vertices a full turn, so that a chord departs from it by at most 0.03 % of the radius (the
sagitta, 1 - cos(pi / 128)). A Bezier curve has so many that a chord departs by at most 0.03 % of the length
of its control polygon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP = 2 * math.pi / 128
"""Largest angle, in radians, between two vertices of an arc."""

BEZIER_TOLERANCE = 1 - math.cos(STEP / 2)
"""Largest distance of a chord from a Bezier curve, as a share of its control polygon's length."""

MAX_PIECES = 1024
"""Most chords of one Bezier curve."""

Chain = NDArray[np.float64]


@dataclass(frozen=True)
class Ellipse:
    """A circle or an ellipse, but for its size.

    Attributes:
        centre: Shape (2,).
        rotation: Angle of the major axis in radians, counter-clockwise from the x axis.
        ratio: Minor over major axis, above 0 and at most 1.
    """

    centre: Chain
    rotation: float = 0.0
    ratio: float = 1.0


def draw_arc_through(start: Chain, end: Chain, by: Chain) -> Chain:
    """Draw the circular arc from the start through a point to the end, without its start.

    A straight chain if the three points lie on a line, a full circle if the arc ends where it starts.

    Args:
        start: Shape (2,).
        end: Shape (2,).
        by: Shape (2,), a point of the arc between them.
    """
    if (start == end).all():
        return draw_elliptic_arc(start, end, Ellipse((start + by) / 2), clockwise=True)
    u, v = by - start, end - start
    crossed = 2 * (u[0] * v[1] - u[1] * v[0])
    if abs(crossed) < 1e-12 * (u @ u + v @ v):
        return np.array([by, end])
    offset = np.array([v[1] * (u @ u) - u[1] * (v @ v), u[0] * (v @ v) - v[0] * (u @ u)]) / crossed
    return draw_elliptic_arc(start, end, Ellipse(start + offset), clockwise=crossed < 0)


def draw_elliptic_arc(start: Chain, end: Chain, ellipse: Ellipse, *, clockwise: bool) -> Chain:
    """Draw the arc of a circle or an ellipse, without its start; a full turn if it ends where it starts.

    The ellipse is a circle in coordinates that are turned back and stretched. Its radius runs from that of
    the start to that of the end, since rounded coordinates never lie exactly on one ellipse.

    Args:
        start: Shape (2,).
        end: Shape (2,).
        ellipse: Centre, rotation and ratio of its axes.
        clockwise: Direction of the arc.
    """
    cosine, sine = math.cos(ellipse.rotation), math.sin(ellipse.rotation)
    turn = np.array([[cosine, -sine], [sine, cosine]]) * [1.0, ellipse.ratio]
    first, last = (np.linalg.solve(turn, point - ellipse.centre) for point in (start, end))
    angle = math.atan2(first[1], first[0])
    sweep = (math.atan2(last[1], last[0]) - angle) % (2 * math.pi)
    if (start == end).all():
        sweep = 2 * math.pi
    elif clockwise:
        sweep -= 2 * math.pi
    if clockwise and sweep > 0:
        sweep = -sweep
    pieces = max(1, math.ceil(abs(sweep) / STEP))
    shares = np.linspace(0, 1, pieces + 1)[1:]
    radii = np.hypot(*first) + shares * (np.hypot(*last) - np.hypot(*first))
    angles = angle + sweep * shares
    chain = ellipse.centre + (radii * np.array([np.cos(angles), np.sin(angles)])).T @ turn.T
    chain[-1] = end
    return np.asarray(chain)


def draw_bezier(start: Chain, end: Chain, one: Chain, two: Chain) -> Chain:
    """Draw a cubic Bezier curve, without its start.

    Its n chords depart by at most 3/4 of the largest second difference of its control points over n squared:
    the second derivative is 6 times that difference, and a chord departs by 1/8 of the derivative.

    Args:
        start: Shape (2,).
        end: Shape (2,).
        one: Shape (2,), the first control point.
        two: Shape (2,), the second control point.
    """
    length = sum(float(np.hypot(*(q - p))) for p, q in ((start, one), (one, two), (two, end)))
    if length == 0:
        return end[None, :]
    bend = max(float(np.hypot(*(start - 2 * one + two))), float(np.hypot(*(one - 2 * two + end))))
    pieces = min(MAX_PIECES, max(1, math.ceil(math.sqrt(0.75 * bend / (BEZIER_TOLERANCE * length)))))
    t = np.linspace(0, 1, pieces + 1)[1:, None]
    chain = (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * one + 3 * (1 - t) * t**2 * two + t**3 * end
    chain[-1] = end
    return np.asarray(chain)
