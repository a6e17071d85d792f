// Fields of features: pasted, dropped as a file, or drawn on a map; the map shows what is there.
import { announce } from "../announce.ts";
import { find, findAll, make } from "../dom.ts";
import type { Kind } from "../map/draw.ts";
import { text } from "../text.ts";
import { appendFeatures } from "./data/append.ts";
import { finishDrawn } from "./data/drawn.ts";
import { readFeatures } from "./data/read.ts";
import type { FeatureText } from "./data/types.ts";
import { controlOf, describe, setValue, stateLine } from "./field.ts";
import { readArea } from "./feature_area.ts";
import { FieldMap } from "./field_map.ts";
import { chooseKind } from "./kinds.ts";
import { afterPress } from "./press.ts";
import { takeTextFiles } from "./text_files.ts";
import { countFeatures } from "./sentences.ts";

const PAUSE = 250; // milliseconds after the last key, before a text is read

/** Let features be drawn, dropped and counted. */
export function enhanceFeatures(root: ParentNode): void {
  for (const field of findAll("[data-field]", root)) {
    const area = controlOf<HTMLTextAreaElement>(field);
    if (area instanceof HTMLTextAreaElement && /^GP(Feature)?RecordSet/.test(field.dataset["type"] ?? "")) new FeatureField(field, area);
  }
}

class FeatureField {
  readonly #field: HTMLElement;
  readonly #area: HTMLTextAreaElement;
  readonly #state: HTMLElement;
  readonly #map: FieldMap;
  readonly #draw: HTMLButtonElement | null;
  readonly #clear: HTMLButtonElement | null;
  readonly #show = make("button", { type: "button", class: "quiet", "data-show": "", hidden: true }, text("Show on a map"));
  readonly #label: string;
  #base = "";
  #drawn: GeoJSON.Feature[] = [];
  #written: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(field: HTMLElement, area: HTMLTextAreaElement) {
    this.#field = field;
    this.#area = area;
    this.#map = new FieldMap(field);
    this.#draw = find("[data-draw]", field);
    this.#clear = find("[data-clear]", field);
    this.#label = this.#draw?.textContent?.trim() ?? "";
    const button = this.#draw ?? this.#clear; // a table has nothing to draw
    const buttons = button?.parentElement === field ? button : button?.parentElement;
    this.#state = stateLine(field, buttons ?? area);
    describe(area, this.#state.id);
    this.#draw?.after(this.#show);
    this.#listen();
    this.#update();
  }

  #listen(): void {
    this.#area.addEventListener("input", () => this.#wait());
    this.#show.addEventListener("click", () => void this.#openMap());
    if (this.#draw) {
      this.#draw.hidden = false;
      this.#draw.setAttribute("aria-expanded", "false");
      this.#draw.addEventListener("click", () => void this.#toggle());
    }
    this.#clear?.addEventListener("click", () => this.#empty());
    takeTextFiles(this.#field, (content) => this.#take(content), (sentence) => this.#say(sentence, true));
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => afterPress(() => this.#update()), PAUSE);
  }

  /** Read the text anew; a text that was not drawn here takes the place of what was drawn. */
  #update(): void {
    const value = this.#area.value;
    if (this.#clear) this.#clear.hidden = !value;
    const found = this.#read();
    const isDrawn = value === this.#written;
    if (!isDrawn && this.#map.isOpen) this.#startFrom(value);
    this.#show.hidden = this.#map.isOpen || !found?.features?.features.some(({ geometry }) => geometry);
    if (!isDrawn) this.#map.show(found?.features, true);
  }

  #read(): FeatureText | undefined {
    const { found, problem } = readArea(this.#area);
    this.#say(problem ?? (found ? countFeatures(found) : ""), problem !== undefined);
    return found;
  }

  #say(sentence: string, isWrong: boolean): void {
    if (this.#state.textContent !== sentence) this.#state.textContent = sentence;
    this.#state.classList.toggle("is-wrong", isWrong);
  }

  #take(content: string): void {
    setValue(this.#area, content);
    clearTimeout(this.#timer);
    this.#update();
    if (this.#draw && !this.#show.hidden) void this.#openMap();
  }

  #empty(): void {
    const before = this.#area.value;
    setValue(this.#area, "");
    clearTimeout(this.#timer);
    this.#update();
    this.#offer(before);
    this.#area.focus();
    announce(text("The features were removed."));
  }

  /** Offer to put a text back. */
  #offer(before: string): void {
    const undo = make("button", { type: "button", class: "link" }, text("Put the text back"));
    undo.addEventListener("click", () => {
      this.#take(before);
      this.#area.focus();
    });
    this.#state.append(" ", undo);
  }

  async #openMap(): Promise<boolean> {
    this.#show.hidden = true;
    const isOpen = await this.#map.open();
    if (isOpen) this.#map.show(this.#read()?.features, true);
    return isOpen;
  }

  async #toggle(): Promise<void> {
    if (this.#draw?.getAttribute("aria-expanded") === "true") return this.#finish();
    this.#markOpen(true);
    const isContinued = this.#area.value === this.#written;
    if (!isContinued) this.#startFrom(this.#area.value);
    if (!(await this.#map.open())) return this.#markOpen(false);
    this.#map.show(this.#readBase(), !this.#drawn.length);
    this.#map.fit(this.#drawn);
    await this.#begin();
  }

  async #begin(): Promise<void> {
    let before: Kind | undefined;
    await chooseKind(this.#field, (kind) => {
      if (before && kind !== before) this.#keepDrawn();
      before = kind;
      return this.#map.draw(kind, this.#drawn, (features) => this.#write(features));
    });
  }

  /** Let what is drawn be text as any other, and start anew. */
  #keepDrawn(): void {
    this.#startFrom(this.#area.value);
    this.#map.show(this.#readBase(), false);
  }

  #readBase(): FeatureText["features"] {
    try {
      return readFeatures(this.#base)?.features;
    } catch {
      return undefined; // the line below the field says so
    }
  }

  #startFrom(value: string): void {
    this.#base = value;
    this.#drawn = [];
    this.#written = undefined;
    this.#map.setDrawn([]);
  }

  #write(features: GeoJSON.Feature[]): void {
    if (!features.length && !this.#drawn.length) return;
    this.#drawn = features;
    const finished = finishDrawn(features, this.#field.dataset["geometry"] ?? "");
    const grown = finished.length ? appendFeatures(this.#base, finished) : this.#base;
    const replaced = grown === undefined ? this.#base : undefined;
    if (replaced !== undefined) this.#base = "";
    this.#written = grown ?? appendFeatures("", finished) ?? "";
    setValue(this.#area, this.#written);
    clearTimeout(this.#timer);
    this.#update();
    if (replaced !== undefined) {
      this.#map.show(undefined, false);
      this.#say(text("What is drawn has replaced the text."), false);
      this.#offer(replaced);
    }
  }

  #finish(): void {
    this.#map.close();
    this.#markOpen(false);
    this.#update();
    this.#draw?.focus();
  }

  #markOpen(isOpen: boolean): void {
    if (!this.#draw) return;
    this.#draw.setAttribute("aria-expanded", String(isOpen));
    this.#draw.textContent = isOpen ? text("Close the map") : this.#label;
  }
}
