// The values of a raster at a place.
import type { ResultData } from "../results/data.ts";
import { findFields } from "../results/fields.ts";
import { text } from "../text.ts";

const NO_DATA = "NoData";

/** The values of the bands at a place. */
export interface Cell {
  title: string;
  data: ResultData;
}

/** Return the values of an image at a place, by the names that people know. */
export function showCell(value: string, [x, y]: readonly [number, number]): Cell {
  const values = value.split(", ");
  const rows = [
    Object.fromEntries(
      values.map((each, place) => [
        values.length > 1 ? text("Band {number}", { number: place + 1 }) : text("Value"),
        each === NO_DATA ? null : Number(each),
      ]),
    ),
  ];
  const shape = { type: "Point" as const, coordinates: [x, y] };
  return { title: text("Values"), data: { fields: findFields(undefined, rows), rows, shapes: [shape], isExceeded: false, messages: [] } };
}

/**
 * Return the values of an image at a place.
 *
 * @throws {TypeError} The server cannot be reached, or refuses.
 */
export async function readCell(service: string, place: readonly [number, number]): Promise<Cell> {
  const asked = new URLSearchParams({ geometry: place.join(","), geometryType: "esriGeometryPoint", sr: "4326", f: "json" });
  const response = await fetch(`${service}/identify?${asked}`);
  const { value } = (await response.json()) as { value?: string };
  if (value === undefined) throw new TypeError("the raster does not answer");
  return showCell(value, place);
}
