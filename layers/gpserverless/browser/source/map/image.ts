// A picture in degrees, drawn where Web Mercator has its rows.
import type { Bounds } from "./types.ts";

const MOST_NORTH = 85.0511;
const MOST_PIXELS = 4096; // what every device can draw

/** Return the ordinate of a latitude in Web Mercator, in radians. */
export function mercator(latitude: number): number {
  const bounded = Math.max(-MOST_NORTH, Math.min(MOST_NORTH, latitude));
  return Math.asinh(Math.tan((bounded * Math.PI) / 180));
}

/** Return the latitude of an ordinate in Web Mercator. */
export function latitudeOf(ordinate: number): number {
  return (Math.atan(Math.sinh(ordinate)) * 180) / Math.PI;
}

/** Fetch a picture whose rows have equal steps of latitude; return one whose rows have equal steps of Web Mercator. */
export async function loadImage(url: string, [, south, , north]: Bounds): Promise<HTMLCanvasElement> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}: ${url}`);
  const picture = await createImageBitmap(await response.blob());
  const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false; // a cell of a raster stays a cell
  const [bottom, top] = [mercator(south), mercator(north)];
  for (let row = 0; row < canvas.height; row++) {
    const latitude = latitudeOf(top - ((row + 0.5) / canvas.height) * (top - bottom));
    const from = Math.floor(((north - latitude) / (north - south)) * picture.height);
    const bounded = Math.max(0, Math.min(picture.height - 1, from));
    context.drawImage(picture, 0, bounded, picture.width, 1, 0, row, canvas.width, 1);
  }
  picture.close();
  return canvas;
}
