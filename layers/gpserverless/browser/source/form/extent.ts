// Extents, drawn as a rectangle on a map.
import { find, findAll } from "../dom.ts";
import { text } from "../text.ts";
import { finishDrawn } from "./data/drawn.ts";
import { setValue } from "./field.ts";
import { FieldMap } from "./field_map.ts";

const SIDES = ["xmin", "ymin", "xmax", "ymax"] as const;
const DIGITS = 6; // of a degree: a tenth of a metre
const WGS84 = "4326";

/** Let extents be drawn. */
export function enhanceExtents(root: ParentNode): void {
  for (const button of findAll<HTMLButtonElement>("[data-draw-extent]", root)) {
    const box = button.closest<HTMLElement>("[data-box], [data-field]");
    if (box) offerMap(box, button);
  }
}

function offerMap(box: HTMLElement, button: HTMLButtonElement): void {
  const map = new FieldMap(box);
  const label = button.textContent?.trim() ?? "";
  button.hidden = false;
  button.setAttribute("aria-expanded", "false");
  const mark = (isOpen: boolean) => {
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = isOpen ? text("Close the map") : label;
  };
  button.addEventListener("click", () => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    mark(!isOpen);
    if (isOpen) map.close();
    else void open(box, map).then((hasOpened) => hasOpened || mark(false));
  });
}

async function open(box: HTMLElement, map: FieldMap): Promise<boolean> {
  if (!(await map.open())) return false;
  const given = readRectangle(box);
  map.fit(given);
  let isReady = false; // what is there is not written anew, with fewer digits
  await map.draw("rectangle", given, ([drawn]) => isReady && drawn && writeRectangle(box, drawn));
  isReady = true;
  return true;
}

/** The extent that is typed, if it is in degrees. */
function readRectangle(box: HTMLElement): GeoJSON.Feature[] {
  const texts = SIDES.map((side) => partOf(box, side)?.value.trim() ?? "");
  const wkid = partOf(box, "wkid")?.value.trim();
  const [xmin = NaN, ymin = NaN, xmax = NaN, ymax = NaN] = texts.map((side) => (side ? Number(side) : NaN));
  const isKnown = wkid === WGS84 && xmin < xmax && ymin < ymax;
  if (!isKnown) return [];
  const ring = [[xmin, ymin], [xmax, ymin], [xmax, ymax], [xmin, ymax], [xmin, ymin]];
  return [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }];
}

function writeRectangle(box: HTMLElement, drawn: GeoJSON.Feature): void {
  const [moved] = finishDrawn([drawn], "");
  const [ring = []] = (moved!.geometry as GeoJSON.Polygon).coordinates;
  const xs = ring.map(([x = NaN]) => x);
  const ys = ring.map(([, y = NaN]) => y);
  const sides = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  SIDES.forEach((side, index) => write(partOf(box, side), String(Number(sides[index]!.toFixed(DIGITS)))));
  write(partOf(box, "wkid"), WGS84);
}

/** A part of one extent; of the others in a list, each has its own box. */
function partOf(box: HTMLElement, part: string): HTMLInputElement | null {
  return find<HTMLInputElement>(`[name$=".${part}"]`, box);
}

function write(control: HTMLInputElement | null, value: string): void {
  if (control && control.value !== value) setValue(control, value);
}
