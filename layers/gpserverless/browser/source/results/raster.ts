// A raster or a picture among the results: drawn below its head, and on the map where that has a place for it.
import { find, make } from "../dom.ts";
import { text } from "../text.ts";
import type { Item } from "./item.ts";
import { Notice } from "./notice.ts";
import { tellCount, tellSize } from "./numbers.ts";
import { canvasOf } from "./raster_canvas.ts";
import { fetchBytes, findKind, MOST_BYTES, NotLoaded, TooLarge } from "./raster_file.ts";
import { describe, drawCaption } from "./raster_legend.ts";
import type { RasterPlace } from "./raster_place.ts";

const SMALL = 320; // pixels of the page below which cells become squares that are seen

/** Is told of a raster that has a place on the map. */
export type Placed = (canvas: HTMLCanvasElement, place: RasterPlace) => void;

/** Load a raster and draw it; its link stays, whatever happens. */
export async function showRaster(item: Item & { raster: string }, placed: Placed): Promise<void> {
  const { article, raster } = item;
  const notice = new Notice();
  article.insertBefore(notice.element, find(".formats", article));
  const load = async (): Promise<void> => {
    try {
      const bytes = await fetchBytes(raster, (size) => notice.count(size));
      const figure = await draw(item, bytes, placed);
      notice.tell(figure ? "" : text("This page draws GeoTIFF, PNG and JPEG. The link has the file."));
      if (figure) notice.element.after(figure);
    } catch (problem) {
      const sentence = explain(problem);
      if (sentence) notice.tell(sentence);
      else notice.fail(problem, () => void load());
    }
  };
  await load();
}

async function draw(item: Item, bytes: Uint8Array<ArrayBuffer>, placed: Placed): Promise<HTMLElement | undefined> {
  const kind = findKind(bytes);
  if (kind === "tiff") return drawRaster(item, bytes.buffer, placed);
  return kind && drawPicture(item, new Blob([bytes], { type: `image/${kind}` }));
}

async function drawRaster({ title }: Item, bytes: ArrayBuffer, placed: Placed): Promise<HTMLElement> {
  const { drawTiff } = await import("./raster_tiff.ts");
  const picture = await drawTiff(bytes);
  const canvas = canvasOf(picture.pixels, picture.drawn.columns, picture.drawn.rows);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", describe(title, picture));
  enlarge(canvas, canvas.width, canvas.height);
  if (picture.place.bounds) placed(canvas, picture.place);
  return make("figure", { class: "raster" }, canvas, drawCaption(picture));
}

async function drawPicture({ title }: Item, content: Blob): Promise<HTMLElement> {
  const picture = make("img", { src: URL.createObjectURL(content), alt: title });
  await picture.decode();
  enlarge(picture, picture.naturalWidth, picture.naturalHeight);
  const size = { columns: tellCount(picture.naturalWidth), rows: tellCount(picture.naturalHeight) };
  return make("figure", { class: "raster" }, picture, make("figcaption", {}, make("p", {}, text("{columns} × {rows} pixels.", size))));
}

/** Let the cells of a small raster be seen: as squares of the same whole number of pixels. */
function enlarge(element: HTMLElement, width: number, height: number): void {
  const times = Math.floor(SMALL / Math.max(width, height));
  if (times < 2) return;
  element.classList.add("squares");
  element.style.width = `${width * times}px`;
}

/** Return why a raster is not drawn; "" if another try may help. */
function explain(problem: unknown): string {
  if (problem instanceof TooLarge) {
    return text("This raster is larger than the {size} that a page draws. The link has the file.", { size: tellSize(MOST_BYTES) });
  }
  if (problem instanceof NotLoaded) return "";
  const reason = problem instanceof Error && "reason" in problem ? problem.reason : "";
  if (reason === "cells") return text("This raster has more cells than a page draws. The link has the file.");
  if (reason === "compression") return text("This raster is compressed in a way that the page does not read. The link has the file.");
  return text("This raster cannot be read here. The link has the file.");
}
