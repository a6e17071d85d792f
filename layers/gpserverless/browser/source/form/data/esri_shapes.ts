// Geometries of Esri JSON and of GeoJSON.
import { groupRings, turn } from "./rings.ts";
import type { Convert, Position } from "./systems.ts";

/** A geometry of Esri JSON, as it is written here. */
export type EsriGeometry = { x: number; y: number } | { points: Position[] } | { paths: Position[][] } | { rings: Position[][] };


/** Return a geometry of Esri JSON as GeoJSON, null if it is empty; curves become straight. */
export function readShape(shape: unknown, convert: Convert): GeoJSON.Geometry | null {
  if (!isObject(shape)) return null;
  const { x, y } = shape;
  if (typeof x === "number" && typeof y === "number") return { type: "Point", coordinates: convert([x, y]) };
  if (Array.isArray(shape["points"])) return { type: "MultiPoint", coordinates: readPath(shape["points"], convert) };
  const paths = shape["paths"] ?? shape["curvePaths"];
  if (Array.isArray(paths)) return makeLines(paths.map((path) => readPath(path, convert)).filter((path) => path.length > 1));
  const rings = shape["rings"] ?? shape["curveRings"];
  if (Array.isArray(rings)) return makePolygons(rings.map((ring) => readPath(ring, convert)).filter((ring) => ring.length > 2));
  return readEnvelope(shape, convert);
}

/** Return a geometry as Esri JSON without its spatial reference. */
export function writeShape(geometry: GeoJSON.Geometry, convert: Convert): EsriGeometry {
  switch (geometry.type) {
    case "Point": {
      const [x = NaN, y = NaN] = convert(geometry.coordinates);
      return { x, y };
    }
    case "MultiPoint":
      return { points: geometry.coordinates.map(convert) };
    case "LineString":
      return { paths: [geometry.coordinates.map(convert)] };
    case "MultiLineString":
      return { paths: geometry.coordinates.map((path) => path.map(convert)) };
    case "Polygon":
      return { rings: geometry.coordinates.map((ring, index) => turn(ring, index === 0).map(convert)) };
    case "MultiPolygon":
      return { rings: geometry.coordinates.flatMap((rings) => rings.map((ring, index) => turn(ring, index === 0).map(convert))) };
    default:
      throw new TypeError(`Esri JSON has no ${geometry.type}`);
  }
}

/** Return whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readPath(path: unknown, convert: Convert): Position[] {
  if (!Array.isArray(path)) return [];
  return path.map(readVertex).filter((vertex) => vertex !== undefined).map(convert);
}

/** The position of a vertex; of a curve, {"c": [end, …]}, its end. */
function readVertex(vertex: unknown): Position | undefined {
  const place: unknown = isObject(vertex) ? [Object.values(vertex)[0]].flat(1)[0] : vertex;
  if (!Array.isArray(place)) return undefined;
  const [x, y] = place as unknown[];
  return typeof x === "number" && typeof y === "number" ? [x, y] : undefined;
}

function makeLines(lines: Position[][]): GeoJSON.Geometry | null {
  if (!lines.length) return null;
  return lines.length === 1
    ? { type: "LineString", coordinates: lines[0]! }
    : { type: "MultiLineString", coordinates: lines };
}

function makePolygons(rings: Position[][]): GeoJSON.Geometry | null {
  const polygons = groupRings(rings);
  if (!polygons.length) return null;
  return polygons.length === 1
    ? { type: "Polygon", coordinates: polygons[0]! }
    : { type: "MultiPolygon", coordinates: polygons };
}

function readEnvelope(shape: Record<string, unknown>, convert: Convert): GeoJSON.Geometry | null {
  const { xmin, ymin, xmax, ymax } = shape;
  if (typeof xmin !== "number" || typeof ymin !== "number" || typeof xmax !== "number" || typeof ymax !== "number") return null;
  const corners = [[xmin, ymin], [xmax, ymin], [xmax, ymax], [xmin, ymax], [xmin, ymin]];
  return { type: "Polygon", coordinates: [corners.map(convert)] };
}
