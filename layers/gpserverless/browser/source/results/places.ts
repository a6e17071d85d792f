// The shapes of rows on WGS84.
import { wkidOf } from "../form/data/esri_json.ts";
import { isObject, readShape } from "../form/data/esri_shapes.ts";
import { fromSystem } from "../form/data/systems.ts";
import { makePause } from "./pause.ts";

const STEP = 200; // shapes between two looks at the clock

/** Shapes, or the spatial reference without which they have no place. */
export interface Places {
  shapes: (GeoJSON.Geometry | null)[];
  /** The spatial reference that is not known here. */
  system?: string;
}

/**
 * Return shapes of GeoJSON as they are, those of Esri JSON on WGS84.
 *
 * @param given The shapes of the rows, null or undefined for none.
 * @param reference The spatial reference of Esri JSON.
 */
export async function findPlaces(given: readonly unknown[], reference: unknown): Promise<Places> {
  const convert = fromSystem(wkidOf(reference));
  const isEsri = given.some((shape) => isObject(shape) && !("type" in shape));
  if (!isEsri) return { shapes: given.map((shape) => (isObject(shape) ? (shape as unknown as GeoJSON.Geometry) : null)) };
  if (!convert) return { shapes: given.map(() => null), system: String(wkidOf(reference) ?? "?") };
  const pause = makePause();
  const shapes: (GeoJSON.Geometry | null)[] = [];
  for (const [place, shape] of given.entries()) {
    shapes.push(readShape(shape, convert));
    if (place % STEP === 0) await pause();
  }
  return { shapes };
}
