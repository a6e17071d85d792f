// The map of all results of a page, with its legend.
import { find, make } from "../dom.ts";
import type { Classes } from "../map/classes.ts";
import type { WorldMap } from "../map/map.ts";
import { text } from "../text.ts";
import type { Item } from "./item.ts";
import { drawSwatch, Legend } from "./legend.ts";
import type { FeaturePopup } from "./popup.ts";
import type { RasterPlace } from "./raster_place.ts";
import type { ShownResult } from "./result.ts";
import { wayOf } from "./selection.ts";
import { drawShareButton } from "./share.ts";
import { rankShapes } from "./shapes.ts";

/** The map of a section of results. */
export class ResultMap {
  readonly #map: WorldMap;
  readonly #popup: FeaturePopup;
  readonly #legend: Legend;
  readonly #results: Record<string, ShownResult> = {};
  readonly #ranks: Record<string, number> = {};

  /**
   * @param map The map.
   * @param popup Shows a feature of it.
   * @param place The element before which the legend goes.
   */
  constructor(map: WorldMap, popup: FeaturePopup, place: HTMLElement) {
    this.#map = map;
    this.#popup = popup;
    this.#legend = new Legend((id, on) => this.#map.setVisible(id, on));
    const share = drawShareButton();
    const all = make("button", { type: "button", class: "second" }, text("Show everything"));
    all.addEventListener("click", () => map.fit());
    place.before(make("div", { class: "map-tools" }, this.#legend.element, make("p", { class: "actions" }, all, ...(share ? [share] : []))));
    map.onSelect((id, row, event) => this.#select(id, row, event));
  }

  /** Add the features of a result, in the colours of their classes if they have some. */
  addFeatures(id: string, color: string, shown: ShownResult, classes?: Classes): void {
    const { item, data, table, toolbar } = shown;
    const features = data.shapes.map((geometry) => ({ type: "Feature" as const, properties: null, geometry }));
    this.#results[id] = shown;
    this.#ranks[id] = rankShapes(data.shapes);
    if (data.shapes.every((shape) => shape === null)) return;
    this.#map.addLayer(id, { type: "FeatureCollection", features }, { color, quiet: item.isInput, ...(classes ? { classes } : {}) });
    this.#stack();
    const looks = classes ? { looks: classes.looks } : {};
    this.#legend.add({ id, title: item.title, color, isInput: item.isInput, count: features.length, place: item.place, ...looks });
    find("h2, h3", item.article)?.prepend(drawSwatch({ color, isInput: item.isInput, ...looks }));
    toolbar.hasMap = true;
    table.onChange = () => {
      toolbar.show();
      this.#map.highlight(id, [...table.selection.rows]);
    };
    table.onOpen = () => this.#map.zoomTo(id, [...table.selection.rows]);
    this.#map.fit();
  }

  /** Add the picture of a raster; return whether it can be drawn. */
  async addPicture(id: string, { title, isInput, image, extent, place }: Item): Promise<boolean> {
    if (!image || !extent) return false;
    try {
      await this.#map.addImage(id, image, extent);
    } catch {
      return false; // the page shows it beside the map, and says if even that is not possible
    }
    this.#legend.add({ id, title, isInput, place });
    this.#map.fit();
    return true;
  }

  /** Add a raster that has a place. */
  addRaster(id: string, { title, isInput, place }: Item, canvas: HTMLCanvasElement, { bounds, isMercator = false }: RasterPlace): void {
    if (!bounds) return;
    this.#map.addRaster(id, canvas, bounds, isMercator);
    this.#legend.add({ id, title, isInput, place });
    this.#map.fit();
  }

  #select(id: string | null, row: number | null, event: MouseEvent): void {
    const shown = id === null ? undefined : this.#results[id];
    const isMore = wayOf(event) !== "only";
    if (!isMore) for (const [other, { table }] of Object.entries(this.#results)) if (other !== id) table.clear();
    if (!shown || row === null) return this.#popup.hide();
    shown.table.choose(row, isMore ? "toggle" : "only");
    this.#popup.show(shown.data, row, shown.item.title, event);
  }

  /** Bring surfaces under lines, and lines under points, in whatever order they came. */
  #stack(): void {
    const { map } = this.#map;
    const ids = Object.keys(this.#ranks).sort((one, other) => this.#ranks[one]! - this.#ranks[other]!);
    const drawn = map.getLayersOrder();
    for (const id of ids) for (const each of drawn) if (each.startsWith(`${id}/`)) map.moveLayer(each);
  }
}
