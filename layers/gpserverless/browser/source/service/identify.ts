// The features at a place of a map.
import type { ResultData, Row } from "../results/data.ts";
import { findFields } from "../results/fields.ts";
import { findPlaces } from "../results/places.ts";

const REACH = 5; // pixels from a click to a point or line that it means
const DPI = 96;

/** What the map shows: its sides in degrees, and its size in pixels. */
export interface View {
  bounds: readonly [number, number, number, number];
  width: number;
  height: number;
}

/** A feature with the name of its layer. */
export interface Found {
  title: string;
  data: ResultData;
}

interface Hit {
  layerName: string;
  attributes: Row;
  geometry?: { spatialReference?: unknown };
}

/** Return the fields of a request for the features at a place. */
export function askAt([x, y]: readonly [number, number], { bounds, width, height }: View): URLSearchParams {
  return new URLSearchParams({
    geometry: `${x},${y}`,
    geometryType: "esriGeometryPoint",
    sr: "4326",
    tolerance: String(REACH),
    mapExtent: bounds.join(","),
    imageDisplay: `${Math.round(width)},${Math.round(height)},${DPI}`,
    layers: "top",
    f: "json",
  });
}

/**
 * Return the topmost feature at a place, undefined if there is none.
 *
 * @throws {TypeError} The server cannot be reached, or refuses.
 */
export async function identify(service: string, place: readonly [number, number], view: View): Promise<Found | undefined> {
  const response = await fetch(`${service}/identify?${askAt(place, view)}`);
  const { results } = (await response.json()) as { results?: Hit[] };
  if (!results) throw new TypeError("the map does not answer");
  const [hit] = results;
  if (!hit) return undefined;
  const places = await findPlaces([hit.geometry], { wkid: 4326 });
  return { title: hit.layerName, data: { fields: findFields(undefined, [hit.attributes]), rows: [hit.attributes], ...places, isExceeded: false, messages: [] } };
}
