// What is said below a raster: the values of its colours, and its size.
import { make } from "../dom.ts";
import { text } from "../text.ts";
import { tellCount, tellNumber } from "./numbers.ts";
import { RAMP } from "./raster_colors.ts";
import type { RasterPlace } from "./raster_place.ts";
import type { RasterPicture } from "./raster_tiff.ts";

/** Return the legend and the sentences below a raster. */
export function drawCaption(picture: RasterPicture): HTMLElement {
  const caption = make("figcaption");
  if (picture.look !== "colors") caption.append(drawRamp(picture));
  caption.append(make("p", {}, [tellSize(picture), ...tellCells(picture)].join(" ")));
  for (const sentence of tellPlace(picture.place)) caption.append(make("p", {}, sentence));
  return caption;
}

/** Return the picture in words, for those who do not see it. */
export function describe(title: string, picture: RasterPicture): string {
  return [`${title}: ${tellSize(picture)}`, tellRange(picture), ...tellCells(picture)].filter(Boolean).join(" ");
}

function drawRamp({ stretch: { min, max } }: RasterPicture): HTMLElement {
  if (Number.isNaN(min)) return make("p", {}, text("No cell has a value."));
  const bar = make("span", { class: "ramp", "aria-hidden": "true" });
  bar.style.backgroundImage = `linear-gradient(to right, ${(min < max ? RAMP : [RAMP[4], RAMP[4]]).join(", ")})`;
  const ends = min < max ? [tellNumber(min), bar, tellNumber(max)] : [bar, tellNumber(min)];
  return make("p", { class: "scale" }, ...ends);
}

function tellSize({ size: { columns, rows }, bands }: RasterPicture): string {
  const size = { columns: tellCount(columns), rows: tellCount(rows), bands: tellCount(bands) };
  return bands === 1 ? text("{columns} × {rows} cells.", size) : text("{columns} × {rows} cells, {bands} bands.", size);
}

function tellRange({ look, stretch: { min, max } }: RasterPicture): string {
  if (look === "colors") return "";
  if (Number.isNaN(min)) return text("No cell has a value.");
  return text("Values from {min} to {max}.", { min: tellNumber(min), max: tellNumber(max) });
}

function tellCells({ look, empty, isWhole, size, drawn }: RasterPicture): string[] {
  const sentences: string[] = [];
  if (look === "one of") sentences.push(text("The picture shows the first band."));
  if (!isWhole) sentences.push(text("The values are those of an overview in the file, not of every cell."));
  else if (empty === 1) sentences.push(text("1 cell has no value."));
  else if (empty) sentences.push(text("{count} cells have no value.", { count: tellCount(empty) }));
  if (drawn.columns < size.columns) sentences.push(text("The picture has fewer cells than the file."));
  return sentences;
}

function tellPlace({ reason, system = "?" }: RasterPlace): string[] {
  switch (reason) {
    case "system":
      return [text("The map does not show spatial reference {system}. The picture has everything.", { system })];
    case "turned":
      return [text("The rows of the raster are turned against the map, so the map does not show it.")];
    case "outside":
      return [text("The raster goes beyond the edges of the world, so the map does not show it.")];
    case "no place":
      return [text("The raster does not say where it lies, so the map does not show it.")];
    default:
      return [];
  }
}
