// The articles of results, as the server has drawn them.
import { find, findAll, readBlock } from "../dom.ts";
import type { Bounds } from "../map/types.ts";
import type { Field } from "./data.ts";

/** A result or an input of a task. */
export interface Item {
  article: HTMLElement;
  name: string;
  /** Its name for people. */
  title: string;
  /** Its place on the page, counted from 0. */
  place: number;
  isInput: boolean;
  hasFeatures: boolean;
  /** Whether it is a layer, which sends a part of its rows at once. */
  isLayer?: boolean;
  /** Where its rows are; neither if they are not to be shown. */
  url?: string;
  /** Where its attributes are, without shapes. */
  tableUrl?: string;
  blockId?: string;
  /** Where the document of its layer is, which says how it is drawn. */
  layerUrl?: string;
  fields?: Field[];
  /** Where its raster or its picture is, if scripts may read it. */
  raster?: string;
  image?: string;
  extent?: Bounds;
}

/** Return the results and inputs of a section that can be shown better than the server does. */
export function readItems(section: HTMLElement): Item[] {
  return findAll("article[data-result]", section).map(readItem);
}

function readItem(article: HTMLElement, place: number): Item {
  const { result = "", kind = "", side, geojson, json, block, raster, image, extent, drawnBy } = article.dataset;
  const fields = readFields(article);
  const bounds = extent ? readExtent(extent) : undefined;
  return {
    article,
    name: result,
    title: find("h2, h3", article)?.firstChild?.textContent?.trim() || result,
    place,
    isInput: side === "input",
    hasFeatures: kind === "features",
    ...(article.dataset["layer"] === undefined ? {} : { isLayer: true }),
    ...(geojson ? { url: geojson } : {}),
    ...(json ? { tableUrl: json } : {}),
    ...(block ? { blockId: block } : {}),
    ...(drawnBy ? { layerUrl: drawnBy } : {}),
    ...(fields ? { fields } : {}),
    ...(raster ? { raster } : {}),
    ...(image ? { image } : {}),
    ...(bounds ? { extent: bounds } : {}),
  };
}

function readFields(article: HTMLElement): Field[] | undefined {
  const block = find("[data-fields]", article);
  return block?.id ? readBlock<Field[]>(block.id) : block?.textContent ? (JSON.parse(block.textContent) as Field[]) : undefined;
}

/** Return the rectangle of "xmin,ymin,xmax,ymax" in degrees; undefined unless it has an area. */
export function readExtent(extent: string): Bounds | undefined {
  const [west, south, east, north, ...more] = extent.split(",").map(Number);
  if (more.length || west === undefined || south === undefined || east === undefined || north === undefined) return undefined;
  return west < east && south < north && Math.abs(south) <= 90 && Math.abs(north) <= 90 ? [west, south, east, north] : undefined;
}
