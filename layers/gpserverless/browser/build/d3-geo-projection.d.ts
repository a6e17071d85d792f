// The package has no types of its own.
declare module "d3-geo-projection" {
  import type { GeoProjection } from "d3-geo";
  /** Return GeoJSON whose coordinates are projected, and cut where the projection is. */
  export function geoProject<T extends GeoJSON.GeoJSON>(object: T, projection: GeoProjection): T;
}
