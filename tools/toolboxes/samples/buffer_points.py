"""Round zones about points."""

from shapely import Point, Polygon

from gpserverless import FeatureSet, LinearUnit, Run, tool, write_count


@tool
def buffer_points(points: FeatureSet[Point], distance: LinearUnit, run: Run) -> FeatureSet[Polygon]:
    """Draw a round zone of one size about every point.

    Args:
        points: The places to draw around.
        distance: How far each zone reaches.
    """
    run.info(f"Buffering {write_count(len(points), 'point', 'points')}.")
    return points.buffer(distance)
