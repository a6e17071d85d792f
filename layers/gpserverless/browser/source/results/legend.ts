// The legend of the map: a switch for each layer.
import { make } from "../dom.ts";
import { text } from "../text.ts";
import { tellCount } from "./numbers.ts";

/** A layer in the legend. */
export interface LegendEntry {
  id: string;
  title: string;
  /** Name of a variable of CSS with the colour; none for a picture. */
  color?: string;
  isInput: boolean;
  /** Number of features, none for a picture. */
  count?: number;
  /** Its place among the results of the page. */
  place: number;
}

/** The switches of the layers. */
export class Legend {
  readonly element: HTMLElement;
  readonly #list = make("div", { class: "layers" });
  readonly #onSwitch: (id: string, on: boolean) => void;

  /** @param onSwitch Is called when a layer is to be shown or hidden. */
  constructor(onSwitch: (id: string, on: boolean) => void) {
    this.#onSwitch = onSwitch;
    this.element = make("fieldset", { class: "legend" }, make("legend", {}, text("Layers")), this.#list);
  }

  /** Add a layer. */
  add(entry: LegendEntry): void {
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => this.#onSwitch(entry.id, box.checked));
    const count = entry.count === undefined ? "" : tellCount(entry.count);
    const title = entry.isInput ? text("{name} (input)", { name: entry.title }) : entry.title;
    const label = make(
      "label",
      { "data-place": entry.place },
      box,
      drawSwatch(entry),
      make("span", { class: "title" }, title),
      make("span", { class: "features" }, count),
    );
    const next = [...this.#list.children].find((each) => Number((each as HTMLElement).dataset["place"]) > entry.place);
    this.#list.insertBefore(label, next ?? null);
  }
}

/** Return the sign of a layer: its colour, with dashes for inputs. */
export function drawSwatch({ color, isInput }: Pick<LegendEntry, "color" | "isInput">): HTMLElement {
  const kind = color ? (isInput ? "swatch input" : "swatch") : "swatch picture";
  const swatch = make("span", { class: kind, "aria-hidden": "true" });
  if (color) swatch.style.setProperty("--swatch", `var(${color})`);
  return swatch;
}
