// The map of all results of a page, with its legend.
import { find, make } from "../dom.ts";
import type { WorldMap } from "../map/map.ts";
import { text } from "../text.ts";
import type { Item } from "./item.ts";
import { drawSwatch, Legend } from "./legend.ts";
import type { FeaturePopup } from "./popup.ts";
import type { ShownResult } from "./result.ts";
import { wayOf } from "./selection.ts";
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
    const all = make("button", { type: "button", class: "second" }, text("Show everything"));
    all.addEventListener("click", () => map.fit());
    place.before(make("div", { class: "map-tools" }, this.#legend.element, all));
    map.onSelect((id, row, event) => this.#select(id, row, event));
  }

  /** Add the features of a result. */
  addFeatures(id: string, color: string, shown: ShownResult): void {
    const { item, data, table, toolbar } = shown;
    const features = data.shapes.map((geometry) => ({ type: "Feature" as const, properties: null, geometry }));
    this.#results[id] = shown;
    this.#ranks[id] = rankShapes(data.shapes);
    this.#map.addLayer(id, { type: "FeatureCollection", features }, { color, quiet: item.isInput });
    this.#stack();
    this.#legend.add({ id, name: item.name, color, isInput: item.isInput, count: features.length });
    find("h2, h3", item.article)?.prepend(drawSwatch({ color, isInput: item.isInput }));
    toolbar.hasMap = true;
    table.onChange = () => {
      toolbar.show();
      this.#map.highlight(id, [...table.selection.rows]);
    };
    table.onOpen = () => this.#map.zoomTo(id, [...table.selection.rows]);
    this.#map.fit();
  }

  /** Add the picture of a raster. */
  async addPicture(id: string, { name, isInput, image, extent }: Item): Promise<void> {
    if (!image || !extent) return;
    await this.#map.addImage(id, image, extent);
    this.#legend.add({ id, name, isInput });
    this.#map.fit();
  }

  #select(id: string | null, row: number | null, event: MouseEvent): void {
    const shown = id === null ? undefined : this.#results[id];
    const isMore = wayOf(event) !== "only";
    if (!isMore) for (const [other, { table }] of Object.entries(this.#results)) if (other !== id) table.clear();
    if (!shown || row === null) return this.#popup.hide();
    shown.table.choose(row, isMore ? "toggle" : "only");
    this.#popup.show(shown.data, row, shown.item.name, event);
  }

  /** Bring surfaces under lines, and lines under points, in whatever order they came. */
  #stack(): void {
    const { map } = this.#map;
    const ids = Object.keys(this.#ranks).sort((one, other) => this.#ranks[one]! - this.#ranks[other]!);
    const drawn = map.getLayersOrder();
    for (const id of ids) for (const each of drawn) if (each.startsWith(`${id}/`)) map.moveLayer(each);
  }
}
