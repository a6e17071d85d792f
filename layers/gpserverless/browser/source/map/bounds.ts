// The rectangles around features.
import type { Bounds } from "./types.ts";

/** Return the rectangle around geometries, undefined if they have no coordinates. */
export function findBounds(geometries: Iterable<GeoJSON.Geometry | null>): Bounds | undefined {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) if (geometry) extend(bounds, geometry);
  return bounds[0] <= bounds[2] ? bounds : undefined;
}

function extend(bounds: [number, number, number, number], geometry: GeoJSON.Geometry): void {
  if (geometry.type === "GeometryCollection") {
    for (const each of geometry.geometries) extend(bounds, each);
  } else {
    extendByAll(bounds, geometry.coordinates);
  }
}

function extendByAll(bounds: [number, number, number, number], coordinates: readonly unknown[]): void {
  const [x, y] = coordinates;
  if (typeof x === "number" && typeof y === "number") {
    if (x < bounds[0]) bounds[0] = x;
    if (y < bounds[1]) bounds[1] = y;
    if (x > bounds[2]) bounds[2] = x;
    if (y > bounds[3]) bounds[3] = y;
    return;
  }
  for (const each of coordinates) if (Array.isArray(each)) extendByAll(bounds, each);
}
