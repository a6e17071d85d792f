// The place of a raster on the map, out of the tags of GeoTIFF (OGC 19-008r4).
import { fromSystem } from "../form/data/systems.ts";
import type { Bounds } from "../map/types.ts";

const PROJECTED = 1; // values of GTModelTypeGeoKey
const GEOGRAPHIC = 2;
const POINT = 2; // of GTRasterTypeGeoKey: a tie point is the centre of a cell
const OWN = 32767; // a system that is described, and has no code
const WGS84 = 4326;
const ROUNDING = 1e-6; // degrees by which a raster of the whole world may stand out

/** The tags of a raster that tell its place. */
export interface PlaceTags {
  columns: number;
  rows: number;
  /** Column, row, layer, x, y and z of one place. */
  tiePoint?: ArrayLike<number>;
  /** Width and height of a cell. */
  scale?: ArrayLike<number>;
  /** A matrix of four rows. */
  matrix?: ArrayLike<number>;
  keys: Partial<Record<string, unknown>>;
}

/** The place of a raster, or the reason why the map does not show it. */
export interface RasterPlace {
  /** On WGS84; none if the map does not show the raster. */
  bounds?: Bounds;
  /** Whether its rows have equal steps of Web Mercator, and not of latitude. */
  isMercator?: boolean;
  reason?: "no place" | "turned" | "outside" | "system";
  /** The spatial reference that the map does not show. */
  system?: string;
}

/** Return the place of a raster. */
export function findPlace(tags: PlaceTags): RasterPlace {
  const system = findSystem(tags.keys);
  const corners = findCorners(tags);
  if (!system || !corners) return { reason: "no place" };
  const convert = fromSystem(system.code);
  if (!convert) return { reason: "system", system: system.name };
  if (corners === "turned") return { reason: "turned" };
  const [west, south] = convert(corners.slice(0, 2)) as [number, number];
  const [east, north] = convert(corners.slice(2)) as [number, number];
  const isInside = west >= -180 - ROUNDING && east <= 180 + ROUNDING && south >= -90 - ROUNDING && north <= 90 + ROUNDING;
  return isInside ? { bounds: [west, south, east, north], isMercator: system.code !== WGS84 } : { reason: "outside" };
}

function findSystem(keys: PlaceTags["keys"]): { code: number; name: string } | undefined {
  const model = keys["GTModelTypeGeoKey"];
  if (model !== PROJECTED && model !== GEOGRAPHIC) return undefined;
  const code = Number(model === PROJECTED ? keys["ProjectedCSTypeGeoKey"] : keys["GeographicTypeGeoKey"]);
  const citation = String(keys["GTCitationGeoKey"] ?? keys["PCSCitationGeoKey"] ?? keys["GeogCitationGeoKey"] ?? "?");
  return { code, name: code && code !== OWN ? String(code) : citation };
}

/** Return xmin, ymin, xmax and ymax of the cells; "turned" unless rows go down and columns to the right. */
function findCorners({ columns, rows, tiePoint, scale, matrix, keys }: PlaceTags): number[] | "turned" | undefined {
  const grid = matrix ? readMatrix(matrix) : tiePoint && scale ? readTiePoint(tiePoint, scale) : undefined;
  if (!grid) return undefined;
  if (grid === "turned" || !(grid.width > 0 && grid.height > 0)) return "turned";
  const shift = keys["GTRasterTypeGeoKey"] === POINT ? 0.5 : 0;
  const [west, north] = [grid.x - shift * grid.width, grid.y + shift * grid.height];
  return [west, north - rows * grid.height, west + columns * grid.width, north];
}

/** The place of the first cell, and the size of cells. */
interface Grid {
  x: number;
  y: number;
  width: number;
  height: number;
}

function readTiePoint(tie: ArrayLike<number>, scale: ArrayLike<number>): Grid | undefined {
  if (tie.length !== 6) return undefined; // several places: control points, between which nothing is said
  const [width, height] = [scale[0]!, scale[1]!];
  return { x: tie[3]! - tie[0]! * width, y: tie[4]! + tie[1]! * height, width, height };
}

function readMatrix(matrix: ArrayLike<number>): Grid | "turned" {
  if (matrix[1] !== 0 || matrix[4] !== 0) return "turned";
  return { x: matrix[3]!, y: matrix[7]!, width: matrix[0]!, height: -matrix[5]! };
}
