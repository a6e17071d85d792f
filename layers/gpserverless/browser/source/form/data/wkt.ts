// Geometries as well-known text.
import type { Position } from "./systems.ts";

const HEAD = /^\s*(?:SRID\s*=\s*(\d+)\s*;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:ZM|Z|M)?\s*(?=\(|EMPTY)/i;
const TYPES = { POINT: "Point", LINESTRING: "LineString", POLYGON: "Polygon" } as const;

/** A geometry, and the code of its spatial reference where it is told. */
export interface Wkt {
  srid: number | undefined;
  geometry: GeoJSON.Geometry | null;
}

/** Return the geometry of a text, undefined if it is none of those that a page shows. */
export function readWkt(wkt: string): Wkt | undefined {
  const head = HEAD.exec(wkt);
  if (!head) return undefined;
  const srid = head[1] ? Number(head[1]) : undefined;
  const rest = wkt.slice(head[0].length).trim();
  if (/^EMPTY$/i.test(rest)) return { srid, geometry: null };
  const single = TYPES[head[3]!.toUpperCase() as keyof typeof TYPES];
  const coordinates = readCoordinates(rest, Boolean(head[2]), single);
  if (coordinates === undefined) return undefined;
  return { srid, geometry: { type: head[2] ? `Multi${single}` : single, coordinates } as GeoJSON.Geometry };
}

/** "((1 2, 3 4))" as arrays: every position is one, every pair of brackets is one. */
function readCoordinates(brackets: string, isMany: boolean, single: string): unknown {
  const positions = brackets.replace(/[^(),]+/g, (words) => writePosition(words));
  let nested: unknown;
  try {
    nested = JSON.parse(positions.replaceAll("(", "[").replaceAll(")", "]"));
  } catch {
    return undefined;
  }
  if (!isMany && single === "Point") return (nested as Position[])[0];
  const isNestedPoint = isMany && single === "Point" && Array.isArray((nested as unknown[][])[0]?.[0]);
  return isNestedPoint ? (nested as unknown[][]).map((each) => each[0]) : nested;
}

function writePosition(words: string): string {
  const numbers = words.trim().split(/\s+/).map(Number);
  if (!words.trim()) return "";
  return numbers.every(Number.isFinite) ? JSON.stringify(numbers.slice(0, 2)) : words; // which is no JSON
}
