// The kinds of shapes that can be drawn for a parameter.
import { find, make } from "../dom.ts";
import type { Kind } from "../map/draw.ts";
import { text } from "../text.ts";

const KINDS: Record<string, Kind> = {
  esriGeometryPoint: "point",
  esriGeometryMultipoint: "point",
  esriGeometryPolyline: "line",
  esriGeometryPolygon: "polygon",
};

/** Call back with the kind of a field's geometry; a parameter that takes any lets a person choose, again and again. */
export async function chooseKind(field: HTMLElement, start: (kind: Kind) => Promise<void>): Promise<void> {
  const own = KINDS[field.dataset["geometry"] ?? ""];
  if (own) return start(own);
  const choice = find<HTMLSelectElement>("[data-kind-choice]", field) ?? addChoice(field);
  choice.onchange = () => void start(choice.value as Kind);
  await start(choice.value as Kind);
}

function addChoice(field: HTMLElement): HTMLSelectElement {
  const names: [Kind, string][] = [["point", text("Points")], ["line", text("Lines")], ["polygon", text("Polygons")]];
  const options = names.map(([value, name]) => make("option", { value }, name));
  const choice = make("select", { "data-kind-choice": "" }, ...options);
  const label = make("label", { class: "kind-choice" }, make("span", {}, text("Draw")), choice);
  find("[data-map-place]", field)?.before(label);
  field.addEventListener("map-close", () => label.remove(), { once: true });
  return choice;
}
