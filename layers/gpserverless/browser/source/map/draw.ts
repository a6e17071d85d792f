// Drawing on a map: points, lines, polygons and rectangles, by pointer, touch or keyboard.
import type { IControl, Map } from "maplibre-gl";
import {
  type GeoJSONStoreFeatures,
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawRectangleMode,
  TerraDrawSessionUndoRedo,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";

import { make } from "../dom.ts";
import { text } from "../text.ts";
import { onThemeChange, resolveColor } from "./colors.ts";
import type { WorldMap } from "./map.ts";

export type Kind = "point" | "line" | "polygon" | "rectangle";

/** Is called with everything that is drawn and finished, whenever that changes. */
export type Change = (features: GeoJSON.Feature[]) => void;

const MODES = { point: "point", line: "linestring", polygon: "polygon", rectangle: "rectangle" } as const;
const DIGITS = 7; // a centimetre
const COLOR = "--map-draw";

/** Start to draw on a map. A rectangle replaces the one before. */
export function startDrawing(worldMap: WorldMap, kind: Kind, onChange: Change): Drawing {
  return new Drawing(worldMap, kind, onChange);
}

/** A drawing on a map, with its buttons in the corner of the map. */
export class Drawing {
  readonly #worldMap: WorldMap;
  readonly #kind: Kind;
  readonly #onChange: Change;
  readonly #mode: ReturnType<typeof makeMode>;
  readonly #draw: TerraDraw;
  readonly #buttons: Buttons;
  readonly #onKey = (event: KeyboardEvent) => this.#press(event);

  constructor(worldMap: WorldMap, kind: Kind, onChange: Change) {
    this.#worldMap = worldMap;
    this.#kind = kind;
    this.#onChange = onChange;
    const map = worldMap.map;
    this.#mode = makeMode(kind, resolveColor(COLOR, map.getContainer()));
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: DIGITS }),
      modes: [this.#mode],
      undoRedo: { modeLevel: new TerraDrawModeUndoRedo(), sessionLevel: new TerraDrawSessionUndoRedo() },
    });
    this.#buttons = new Buttons(kind, {
      add: () => this.addCentre(),
      undo: () => this.undo(),
      finish: () => this.finish(),
      clear: () => this.clear(),
    });
    this.#start(map);
  }

  /** Return what is drawn and finished. */
  features(): GeoJSON.Feature[] {
    return this.#finished().map(({ geometry }) => ({ type: "Feature", properties: {}, geometry }));
  }

  /** Put features on the map as if they had been drawn; those of another kind are left out. */
  setFeatures(features: readonly GeoJSON.Feature[]): void {
    this.#draw.clear();
    const mode = MODES[this.#kind];
    const type = { point: "Point", line: "LineString", polygon: "Polygon", rectangle: "Polygon" }[this.#kind];
    const own = features.filter(({ geometry }) => geometry?.type === type);
    this.#draw.addFeatures(own.map(({ geometry }) => ({ type: "Feature", properties: { mode }, geometry }) as GeoJSONStoreFeatures));
    this.#tell();
  }

  /** Take the last corner or feature back. */
  undo(): void {
    this.#draw.undo();
    this.#tell();
  }

  /** Finish the line or polygon that is begun. */
  finish(): void {
    this.#mode.onKeyUp({ key: "Enter", heldKeys: [], preventDefault: () => undefined });
  }

  /** Remove everything that is drawn. */
  clear(): void {
    this.#draw.clear();
    this.#draw.clearUndoRedoHistory();
    this.#tell();
  }

  /** Draw a point or corner at the centre of the map: for keyboards, which move the map below it. */
  addCentre(): void {
    const map = this.#worldMap.map;
    const { lng, lat } = map.getCenter();
    const { x, y } = map.project([lng, lat]);
    const place = { lng, lat, containerX: x, containerY: y, button: "left" as const, heldKeys: [], isContextMenu: false };
    this.#mode.onMouseMove(place);
    this.#mode.onClick(place);
    this.#tell();
  }

  /** Stop drawing, and remove what is drawn from the map. */
  stop(): void {
    const map = this.#worldMap.map;
    map.getContainer().removeEventListener("keydown", this.#onKey);
    map.removeControl(this.#buttons);
    if (this.#draw.enabled) this.#draw.stop();
    this.#worldMap.isSelectable = true;
  }

  #start(map: Map): void {
    this.#worldMap.isSelectable = false;
    this.#draw.start();
    this.#draw.setMode(MODES[this.#kind]);
    this.#draw.on("finish", (id) => {
      if (this.#kind === "rectangle") this.#removeOthers(id);
      this.#tell();
    });
    this.#draw.on("history", () => this.#buttons.show(this.#draw.canUndo()));
    map.addControl(this.#buttons, "top-left");
    map.getContainer().addEventListener("keydown", this.#onKey);
    onThemeChange(() => this.#mode.updateOptions({ styles: makeStyles(resolveColor(COLOR, map.getContainer())) }));
  }

  #finished(): GeoJSONStoreFeatures[] {
    const unfinished = this.#draw.getModeState() === "drawing";
    return this.#draw.getSnapshot().filter(({ properties }) => {
      if (properties["mode"] !== MODES[this.#kind]) return false;
      return !(unfinished && properties["currentlyDrawing"]);
    }).filter(({ properties }) => !IS_GUIDE.some((name) => properties[name]));
  }

  #removeOthers(id: string | number): void {
    const others = this.#finished().map((each) => each.id).filter((each) => each !== undefined && each !== id);
    this.#draw.removeFeatures(others as (string | number)[]);
  }

  #tell(): void {
    this.#buttons.show(this.#draw.canUndo() || this.#finished().length > 0);
    this.#onChange(this.features());
  }

  #press(event: KeyboardEvent): void {
    const undoes = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    const adds = event.key === " " && event.target === this.#worldMap.map.getCanvas();
    if (undoes) this.undo();
    else if (adds) this.addCentre();
    else return;
    event.preventDefault();
  }
}

/** Properties of the points that terra-draw adds to guide the hand. */
const IS_GUIDE = ["closingPoint", "snappingPoint", "coordinatePoint", "edited"];

/** The buttons of a drawing, as a control of the map. */
class Buttons implements IControl {
  readonly #group: HTMLElement;
  readonly #needsContent: HTMLButtonElement[];

  constructor(kind: Kind, actions: { add: () => void; undo: () => void; finish: () => void; clear: () => void }) {
    const undo = makeButton(text("Undo"), actions.undo);
    const finish = makeButton(text("Finish"), actions.finish);
    const clear = makeButton(text("Clear"), actions.clear);
    const add = makeButton(kind === "point" ? text("Add a point here") : text("Add a corner here"), actions.add);
    add.classList.add("map-add");
    const hasEnd = kind === "line" || kind === "polygon";
    this.#group = make("div", { class: "map-buttons maplibregl-ctrl", role: "group", "aria-label": text("Drawing") });
    this.#group.append(undo, ...(hasEnd ? [finish] : []), clear, add);
    this.#needsContent = [undo, finish, clear];
    this.show(false);
  }

  /** Let buttons that change a drawing be pressed, or not. */
  show(hasContent: boolean): void {
    for (const button of this.#needsContent) button.disabled = !hasContent;
  }

  onAdd(map: Map): HTMLElement {
    map.getContainer().classList.add("map-drawing");
    return this.#group;
  }

  onRemove(map: Map): void {
    map.getContainer().classList.remove("map-drawing");
    this.#group.remove();
  }
}

function makeButton(label: string, action: () => void): HTMLButtonElement {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", action);
  return button;
}

type Hex = `#${string}`;

function makeStyles(color: string) {
  const ink = color as Hex;
  return {
    pointColor: ink, pointWidth: 6, pointOutlineColor: "#ffffff" as Hex, pointOutlineWidth: 2,
    lineStringColor: ink, lineStringWidth: 3,
    fillColor: ink, fillOpacity: 0.2, outlineColor: ink, outlineWidth: 3,
    closingPointColor: "#ffffff" as Hex, closingPointWidth: 6, closingPointOutlineColor: ink, closingPointOutlineWidth: 3,
  };
}

function makeMode(kind: Kind, color: string) {
  const all = makeStyles(color);
  switch (kind) {
    case "point": {
      const { pointColor, pointWidth, pointOutlineColor, pointOutlineWidth } = all;
      return new TerraDrawPointMode({ styles: { pointColor, pointWidth, pointOutlineColor, pointOutlineWidth } });
    }
    case "line": {
      const { lineStringColor, lineStringWidth, closingPointColor, closingPointWidth, closingPointOutlineColor, closingPointOutlineWidth } = all;
      return new TerraDrawLineStringMode({
        styles: { lineStringColor, lineStringWidth, closingPointColor, closingPointWidth, closingPointOutlineColor, closingPointOutlineWidth },
      });
    }
    case "polygon": {
      const { fillColor, fillOpacity, outlineColor, outlineWidth, closingPointColor, closingPointWidth, closingPointOutlineColor, closingPointOutlineWidth } = all;
      return new TerraDrawPolygonMode({
        styles: { fillColor, fillOpacity, outlineColor, outlineWidth, closingPointColor, closingPointWidth, closingPointOutlineColor, closingPointOutlineWidth },
      });
    }
    case "rectangle": {
      const { fillColor, fillOpacity, outlineColor, outlineWidth } = all;
      return new TerraDrawRectangleMode({ styles: { fillColor, fillOpacity, outlineColor, outlineWidth } });
    }
  }
}
