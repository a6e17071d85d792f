// The map below a field: it shows what is in the field, and takes what is drawn.
import { find, make } from "../dom.ts";
import type { Drawing, Kind } from "../map/draw.ts";
import type { WorldMap } from "../map/map.ts";
import { NoWebGL } from "../map/types.ts";
import { text } from "../text.ts";
import type { Features } from "./data/types.ts";

const SHOWN = "given";
const STYLE = { color: "--map-1" };

/** A map that is loaded when it is first opened. */
export class FieldMap {
  readonly #field: HTMLElement;
  readonly #place: HTMLElement;
  #map: WorldMap | undefined;
  #drawing: Drawing | undefined;

  /** Take the place that the field has for a map, or make one behind it. */
  constructor(field: HTMLElement) {
    this.#field = field;
    const place = find("[data-map-place]", field);
    this.#place = place ?? make("div", { "data-map-place": "", hidden: true });
    if (!place) field.after(this.#place);
  }

  get isOpen(): boolean {
    return this.#map !== undefined;
  }

  /** Open the map; a sentence takes its place where the browser cannot draw one. */
  async open(): Promise<boolean> {
    if (this.#map) return true;
    const container = make("div", { class: "field-map" });
    this.#place.replaceChildren(container);
    this.#place.hidden = false;
    container.setAttribute("aria-busy", "true");
    try {
      const { openMap } = await import("../map/map.ts");
      this.#map = await openMap(container);
    } catch (error) {
      this.#place.replaceChildren(make("p", { class: "state", role: "status" }, explain(error)));
      return false;
    }
    container.removeAttribute("aria-busy");
    return true;
  }

  /** Show features, in place of those before. */
  show(features: Features | undefined, isNear: boolean): void {
    if (!this.#map) return;
    const shown = features ?? { type: "FeatureCollection", features: [] };
    this.#map.addLayer(SHOWN, shown, STYLE);
    if (isNear) this.#map.fit([SHOWN]);
  }

  /** Start to draw, with what has been drawn before. */
  async draw(kind: Kind, drawn: readonly GeoJSON.Feature[], onChange: (features: GeoJSON.Feature[]) => void): Promise<void> {
    const map = this.#map;
    if (!map) return;
    this.#drawing?.stop();
    const { startDrawing } = await import("../map/draw.ts");
    if (this.#map !== map) return; // it was closed meanwhile
    this.#drawing = startDrawing(map, kind, onChange);
    if (drawn.length) this.#drawing.setFeatures(drawn);
    map.map.getCanvas().focus();
  }

  /** Replace what is drawn. */
  setDrawn(drawn: readonly GeoJSON.Feature[]): void {
    this.#drawing?.setFeatures(drawn);
  }

  /** Show a rectangle of features. */
  fit(features: readonly GeoJSON.Feature[]): void {
    if (!this.#map || !features.length) return;
    this.#map.addLayer("fit", { type: "FeatureCollection", features: [...features] }, { ...STYLE, visible: false });
    this.#map.fit(["fit"]);
    this.#map.removeLayer("fit");
  }

  /** Close the map, and the drawing on it. */
  close(): void {
    this.#drawing?.stop();
    this.#map?.close();
    this.#drawing = this.#map = undefined;
    this.#place.replaceChildren();
    this.#place.hidden = true;
    this.#field.dispatchEvent(new Event("map-close"));
  }
}

function explain(error: unknown): string {
  if (error instanceof NoWebGL) return text("This browser cannot draw the map. Paste the features, or drop a file.");
  return text("The map could not be loaded. Paste the features, or drop a file.");
}
