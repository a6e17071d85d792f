// The attributes of a feature beside the click that met it.
import { Popup } from "maplibre-gl";

import { make } from "../dom.ts";
import type { WorldMap } from "../map/map.ts";
import { text } from "../text.ts";
import type { ResultData } from "./data.ts";
import { nameField, tellValue } from "./fields.ts";
import { tellCount } from "./numbers.ts";

const MOST = 8; // attributes; the table has all

/** Shows one feature at a time. */
export class FeaturePopup {
  readonly #map: WorldMap;
  readonly #popup = new Popup({ focusAfterOpen: false, maxWidth: "20rem", locationOccludedOpacity: 0 });

  constructor(map: WorldMap) {
    this.#map = map;
  }

  /** Show a feature where the click was. */
  show(data: ResultData, row: number, title: string, { clientX, clientY }: MouseEvent): void {
    const { map } = this.#map;
    const { left, top } = map.getCanvas().getBoundingClientRect();
    this.#popup
      .setLngLat(map.unproject([clientX - left, clientY - top]))
      .setDOMContent(drawFeature(data, row, title))
      .addTo(map);
  }

  /** Show none. */
  hide(): void {
    this.#popup.remove();
  }
}

function drawFeature({ fields, rows }: ResultData, row: number, title: string): HTMLElement {
  const list = make("dl");
  for (const field of fields.slice(0, MOST)) {
    const told = tellValue(rows[row]?.[field.name], field);
    list.append(make("dt", {}, nameField(field)), make("dd", {}, told || "–"));
  }
  const more = fields.length - MOST;
  const rest = more > 0 ? [make("p", {}, text("{count} more in the table", { count: tellCount(more) }))] : [];
  return make("div", { class: "feature" }, make("strong", {}, title), list, ...rest);
}
