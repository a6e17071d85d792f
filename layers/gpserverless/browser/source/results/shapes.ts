// The kinds of shapes of a result.

const RANKS: Record<GeoJSON.Geometry["type"], number> = {
  Polygon: 0,
  MultiPolygon: 0,
  GeometryCollection: 0,
  LineString: 1,
  MultiLineString: 1,
  Point: 2,
  MultiPoint: 2,
};

/** Return how far up a layer belongs: surfaces under lines, lines under points. */
export function rankShapes(shapes: readonly (GeoJSON.Geometry | null)[]): number {
  const first = shapes.find((each) => each !== null);
  return first ? RANKS[first.type] : 0;
}
