// Pixels as an element.
import { make } from "../dom.ts";

/** Return pixels as an element; each has four bytes, row after row. */
export function canvasOf(pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): HTMLCanvasElement {
  const canvas = make("canvas", { width, height });
  canvas.getContext("2d")!.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}
