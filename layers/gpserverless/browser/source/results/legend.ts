// The legend of the map: a switch for each layer.
import { make } from "../dom.ts";
import type { ClassLook } from "../map/classes.ts";
import { text } from "../text.ts";
import { tellCount } from "./numbers.ts";

const MOST_NAMES = 30;

/** A layer in the legend. */
export interface LegendEntry {
  id: string;
  title: string;
  /** Name of a variable of CSS with the colour; none for a picture. */
  color?: string;
  /** The looks of its classes, if it has some. */
  looks?: readonly ClassLook[];
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
    if (entry.looks) this.element.append(listClasses(entry.looks));
  }
}

/** Return the sign of a layer: its colour, with dashes for inputs. */
export function drawSwatch({ color, isInput, looks }: Pick<LegendEntry, "color" | "isInput" | "looks">): HTMLElement {
  const kind = color ? (isInput ? "swatch input" : "swatch") : "swatch picture";
  const swatch = make("span", { class: kind, "aria-hidden": "true" });
  if (color) swatch.style.setProperty("--swatch", `var(${color})`);
  if (looks) fill(swatch, looks);
  return swatch;
}

/** Fill a swatch with the colours of classes, side by side. */
function fill(swatch: HTMLElement, looks: readonly ClassLook[]): void {
  const width = 100 / looks.length;
  const stops = looks.map(({ color }, place) => `${color} ${width * place}% ${width * (place + 1)}%`);
  swatch.classList.add("ramp");
  swatch.style.setProperty("--ramp", `linear-gradient(90deg, ${stops.join(", ")})`);
}

/** Return the list of the first classes of a layer, with their names. */
function listClasses(looks: readonly ClassLook[]): HTMLElement {
  const items = looks.slice(0, MOST_NAMES).map((look) => {
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    fill(swatch, [look]);
    return make("li", {}, swatch, look.label);
  });
  const more = looks.length - items.length;
  if (more > 0) items.push(make("li", {}, text("and {count} more", { count: tellCount(more) })));
  return make("ul", { class: "classes" }, ...items);
}
