// The map of a section, loaded when there is something to show on it.
import { find, make } from "../dom.ts";
import { text } from "../text.ts";
import { NoWebGL } from "../map/types.ts";
import { ResultMap } from "./result_map.ts";

/** Open the map of a section; none where the browser cannot draw it, which the page then says. */
export async function openResultMap(section: HTMLElement): Promise<ResultMap | undefined> {
  const place = find("[data-map]", section) ?? section.insertBefore(make("div", { "data-map": true }), section.firstChild);
  place.hidden = false;
  try {
    const [{ openMap }, { FeaturePopup }] = await Promise.all([import("../map/map.ts"), import("./popup.ts")]);
    const map = await openMap(place);
    return new ResultMap(map, new FeaturePopup(map), place);
  } catch (problem) {
    place.replaceWith(make("p", { class: "notice" }, explain(problem)));
    return undefined;
  }
}

function explain(problem: unknown): string {
  if (problem instanceof NoWebGL) return text("This browser cannot draw maps, since WebGL is switched off. The tables have everything.");
  return text("The map could not be loaded. The tables have everything.");
}
