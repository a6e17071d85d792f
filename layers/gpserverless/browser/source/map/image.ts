// A picture in degrees, drawn where Web Mercator has its rows.
import type { Bounds } from "./types.ts";

const MOST_NORTH = 85.0511;
const MOST_PIXELS = 4096; // what every device can draw
const FINE = 1024; // rows of a picture that is drawn anew: few rows of a coarse one would be half a row off

/** Return the ordinate of a latitude in Web Mercator, in radians. */
export function mercator(latitude: number): number {
  const bounded = Math.max(-MOST_NORTH, Math.min(MOST_NORTH, latitude));
  return Math.asinh(Math.tan((bounded * Math.PI) / 180));
}

/** Return the latitude of an ordinate in Web Mercator. */
export function latitudeOf(ordinate: number): number {
  return (Math.atan(Math.sinh(ordinate)) * 180) / Math.PI;
}

/** A picture, as browsers draw it. */
export type Picture = ImageBitmap | HTMLCanvasElement;

type Corner = [number, number];

/** Return the corners of a rectangle on the map, which ends before the poles. */
export function cornersOf([west, south, east, north]: Bounds): [Corner, Corner, Corner, Corner] {
  const [bottom, top] = [Math.max(south, -MOST_NORTH), Math.min(north, MOST_NORTH)];
  return [[west, top], [east, top], [east, bottom], [west, bottom]];
}

/** Fetch a picture. */
export async function loadImage(url: string): Promise<ImageBitmap> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}: ${url}`);
  return createImageBitmap(await response.blob());
}

/** Return a picture whose rows have equal steps of latitude as one whose rows have equal steps of Web Mercator. */
export function warpImage(picture: Picture, [, south, , north]: Bounds): HTMLCanvasElement {
  const { canvas, context } = makeCanvas(picture, Math.ceil(FINE / picture.height));
  const [bottom, top] = [mercator(south), mercator(north)];
  for (let row = 0; row < canvas.height; row++) {
    const latitude = latitudeOf(top - ((row + 0.5) / canvas.height) * (top - bottom));
    const from = Math.floor(((north - latitude) / (north - south)) * picture.height);
    const bounded = Math.max(0, Math.min(picture.height - 1, from));
    context.drawImage(picture, 0, bounded, picture.width, 1, 0, row, canvas.width, 1);
  }
  return canvas;
}

/** Return a picture of its own: a map reads it for as long as it shows it. */
export function copyImage(picture: Picture): HTMLCanvasElement {
  const { canvas, context } = makeCanvas(picture);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function makeCanvas({ width, height }: Picture, times = 1): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale * times));
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false; // a cell of a raster stays a cell
  return { canvas, context };
}
