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
  readonly #endRepaints: () => void;
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
    this.#endRepaints = onThemeChange(() => this.#repaint());
    this.#start(map);
  }

  /** Return what is drawn and finished. */
  features(): GeoJSON.Feature[] {
    return this.#finished().map(({ geometry }) => ({ type: "Feature", properties: {}, geometry }));
  }

  /**
   * Put features on the map as if they had been drawn, in the place of what is drawn.
   *
   * Those that cannot be drawn are left out: of another kind, with parts or holes, or beyond the map.
   * @returns How many were put.
   */
  setFeatures(features: readonly GeoJSON.Feature[]): number {
    this.#draw.clear();
    const type = { point: "Point", line: "LineString", polygon: "Polygon", rectangle: "Polygon" }[this.#kind];
    const own = features.filter(({ geometry }) => geometry?.type === type);
    const put = this.#draw.addFeatures(own.map((each) => this.#adopt(each)));
    this.#draw.clearUndoRedoHistory();
    this.#tell();
    return put.filter(({ valid }) => valid).length;
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
    const place = { lng: round(lng), lat: round(lat), containerX: x, containerY: y, button: "left" as const, heldKeys: [], isContextMenu: false };
    this.#mode.onMouseMove(place);
    this.#mode.onClick(place);
    this.#tell();
  }

  /** Stop drawing, and remove what is drawn from the map. */
  stop(): void {
    if (!this.#draw.enabled) return;
    const map = this.#worldMap.map;
    map.getContainer().removeEventListener("keydown", this.#onKey);
    map.removeControl(this.#buttons);
    this.#draw.stop();
    this.#endRepaints();
    map.setRenderWorldCopies(true);
    this.#worldMap.isSelectable = true;
  }

  #start(map: Map): void {
    this.#worldMap.isSelectable = false;
    map.setRenderWorldCopies(false); // a longitude beyond 180 degrees is none
    this.#draw.start();
    this.#draw.setMode(MODES[this.#kind]);
    this.#draw.on("finish", (id) => {
      if (this.#kind === "rectangle") this.#removeOthers(id);
      this.#tell();
    });
    this.#draw.on("history", () => this.#buttons.show(this.#draw.canUndo()));
    map.addControl(this.#buttons, "top-left");
    map.getContainer().addEventListener("keydown", this.#onKey);
  }

  #repaint(): void {
    const color = resolveColor(COLOR, this.#worldMap.map.getContainer());
    this.#draw.updateModeOptions(this.#mode.mode, { styles: makeStyles(this.#kind, color) });
  }

  #adopt({ geometry }: GeoJSON.Feature): GeoJSONStoreFeatures {
    const rounded = { ...geometry, coordinates: roundAll((geometry as GeoJSON.LineString).coordinates) };
    return { type: "Feature", properties: { mode: MODES[this.#kind] }, geometry: rounded } as GeoJSONStoreFeatures;
  }

  #finished(): GeoJSONStoreFeatures[] {
    return this.#draw
      .getSnapshot()
      .filter(({ properties }) => properties["mode"] === MODES[this.#kind] && !OTHERS.some((name) => properties[name]));
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

/** Properties of what is begun, and of the points that guide the hand. */
const OTHERS = ["currentlyDrawing", "closingPoint", "snappingPoint", "coordinatePoint"];

/** Round a coordinate to the digits that drawings have. */
function round(coordinate: number): number {
  return Number(coordinate.toFixed(DIGITS));
}

function roundAll(coordinates: readonly unknown[]): unknown[] {
  return coordinates.map((each) => (Array.isArray(each) ? roundAll(each) : round(Number(each))));
}

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

function makeStyles(kind: Kind, color: string) {
  const ink = color as Hex;
  const white: Hex = "#ffffff";
  const ends = {
    closingPointColor: white,
    closingPointWidth: 6,
    closingPointOutlineColor: ink,
    closingPointOutlineWidth: 3,
  };
  const surface = { fillColor: ink, fillOpacity: 0.2, outlineColor: ink, outlineWidth: 3 };
  return {
    point: { pointColor: ink, pointWidth: 6, pointOutlineColor: white, pointOutlineWidth: 2 },
    line: { lineStringColor: ink, lineStringWidth: 3, ...ends },
    polygon: { ...surface, ...ends },
    rectangle: surface,
  }[kind];
}

function makeMode(kind: Kind, color: string) {
  const Mode = { point: TerraDrawPointMode, line: TerraDrawLineStringMode, polygon: TerraDrawPolygonMode, rectangle: TerraDrawRectangleMode }[kind];
  return new Mode({ styles: makeStyles(kind, color) });
}
