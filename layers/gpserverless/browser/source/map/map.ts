// A map of results on a map of the world. Loaded when it is first needed: import("./map/map.ts").
import { AttributionControl, Map, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import type { GeoJSONSource, MapMouseEvent } from "maplibre-gl";

import styleUrl from "static:map.css";
import workerUrl from "static:map-worker.js";

import { make } from "../dom.ts";
import { text } from "../text.ts";
import { findBounds } from "./bounds.ts";
import { CLASS, type Classes } from "./classes.ts";
import { onThemeChange, resolveColor } from "./colors.ts";
import { copyImage, cornersOf, loadImage, type Picture, warpImage } from "./image.ts";
import { layerIds, makeLayers } from "./layers.ts";
import { type Bounds, type FeatureId, type Features, type LayerStyle, NoWebGL, type Select } from "./types.ts";
import { BOTTOM_LINES, makeStyle, repaintWorld, showWorld } from "./world.ts";

export { COLORS, NoWebGL } from "./types.ts";
export type { Bounds, FeatureId, Features, LayerStyle, Select } from "./types.ts";

const NEAREST = 15; // zoom at which one point is shown
const MARGIN = 40; // pixels around what is shown
const REACH = 6; // pixels from a click to a point or line that it means
const DENSE = 2000; // features from which on the outlines of surfaces are thin
const MOVE = 600; // milliseconds

/** A collection on the map. */
interface Layer {
  data: Features;
  style: LayerStyle;
  selected: FeatureId[];
}

/**
 * Open a map in an element, which must have a height.
 *
 * @throws {NoWebGL} This browser cannot draw it.
 */
export async function openMap(container: HTMLElement): Promise<WorldMap> {
  if (!hasWebGL()) throw new NoWebGL();
  await loadStyle();
  setWorkerUrl(workerUrl);
  container.classList.add("map");
  const map = new Map({
    container,
    style: makeStyle(container),
    center: [10, 25],
    zoom: 0.6,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches, // one finger scrolls the page
    locale: makeLocale(),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
  map.addControl(new AttributionControl({ compact: false }), "bottom-right");
  await new Promise((resolve) => map.once("style.load", resolve));
  void showWorld(map);
  return new WorldMap(map);
}

/** A map with collections of features, each under an id. */
export class WorldMap {
  /** The map of MapLibre, for what this class does not offer. */
  readonly map: Map;

  readonly #layers: Record<string, Layer> = {};
  readonly #images: Record<string, Bounds> = {};
  readonly #endRepaints: () => void;

  constructor(map: Map) {
    this.map = map;
    this.#endRepaints = onThemeChange(() => this.#repaint());
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = this.isSelectable && this.#find(event) ? "pointer" : "";
    });
  }

  /** Whether clicks select; a drawing switches that off. */
  isSelectable = true;

  /** Add a collection above all others, or replace the one of this id. */
  addLayer(id: string, data: Features, style: LayerStyle): void {
    this.removeLayer(id);
    this.#layers[id] = { data, style, selected: [] };
    this.map.addSource(id, { type: "geojson", data: strip(data, style.classes), generateId: true, maxzoom: 16, buffer: 32 });
    this.#draw(id);
  }

  /** Replace the features of a collection, and keep its style; nothing is selected afterwards. */
  setData(id: string, data: Features): void {
    const layer = this.#layers[id];
    if (!layer) return;
    this.highlight(id, []);
    layer.data = data;
    delete layer.style.classes; // of the features that were there
    this.map.getSource<GeoJSONSource>(id)?.setData(strip(data));
  }

  /** Remove a collection or a picture; nothing happens if there is none of this id. */
  removeLayer(id: string): void {
    for (const each of this.#drawn(id)) this.map.removeLayer(each);
    if (this.map.getSource(id)) this.map.removeSource(id);
    delete this.#layers[id];
    delete this.#images[id];
  }

  /** Show or hide a collection or a picture. */
  setVisible(id: string, on: boolean): void {
    const layer = this.#layers[id];
    if (layer) layer.style = { ...layer.style, visible: on };
    for (const each of this.#drawn(id)) this.map.setLayoutProperty(each, "visibility", on ? "visible" : "none");
  }

  /** Show a rectangle, or collections and pictures by their ids; all that are visible, if nothing is given. */
  fit(target?: Bounds | readonly string[]): void {
    if (isBounds(target)) return this.#show(target);
    const ids = target ?? this.#visible();
    const around = ids.map((id) => this.#images[id] ?? findBounds(geometriesOf(this.#layers[id]?.data)));
    this.#show(findBounds(around.filter((each) => each !== undefined).map(diagonal)));
  }

  /** Show some features of a collection. */
  zoomTo(id: string, features: readonly FeatureId[]): void {
    const all = this.#layers[id]?.data.features;
    this.#show(findBounds(features.map((each) => all?.[each]?.geometry ?? null)));
  }

  /** Let these features of a collection stand out, and no others of it. */
  highlight(id: string, features: readonly FeatureId[]): void {
    const layer = this.#layers[id];
    if (!layer) return;
    for (const each of layer.selected) this.map.removeFeatureState({ source: id, id: each }, "selected");
    for (const each of features) this.map.setFeatureState({ source: id, id: each }, { selected: true });
    layer.selected = [...features];
  }

  /** Call back with the topmost feature of every click; with nulls where there is none. */
  onSelect(callback: Select): void {
    this.map.on("click", (event) => {
      if (!this.isSelectable) return;
      const found = this.#find(event);
      callback(found?.layer ?? null, found?.feature ?? null, event.originalEvent);
    });
  }

  /** Add a picture whose rows and columns are parallels and meridians, under all features. */
  async addImage(id: string, url: string, bounds: Bounds, visible = true): Promise<void> {
    const picture = await loadImage(url);
    this.addRaster(id, picture, bounds, false, visible);
    picture.close();
  }

  /**
   * Add a picture under all features, and under the lines of the world, which say where it is.
   *
   * @param isMercator Whether its rows have equal steps of Web Mercator, and not of latitude.
   */
  addRaster(id: string, picture: Picture, bounds: Bounds, isMercator: boolean, visible = true): void {
    const canvas = isMercator ? copyImage(picture) : warpImage(picture, bounds);
    this.removeLayer(id);
    this.#images[id] = bounds;
    this.map.addSource(id, { type: "canvas", canvas, coordinates: cornersOf(bounds), animate: false });
    this.map.addLayer(
      {
        id: `${id}/image`,
        type: "raster",
        source: id,
        layout: { visibility: visible ? "visible" : "none" },
        paint: { "raster-resampling": "nearest", "raster-opacity": 0.9, "raster-fade-duration": 0 },
      },
      BOTTOM_LINES,
    );
  }

  /**
   * Add pictures that a server draws of each part of the map, in Web Mercator.
   *
   * @param url Their URL with "{bbox-epsg-3857}" in it.
   * @param size Width and height of one in pixels of the page.
   */
  addTiles(id: string, url: string, size: number, bounds: Bounds): void {
    this.removeLayer(id);
    this.#images[id] = bounds;
    this.map.addSource(id, { type: "raster", tiles: [url], tileSize: size });
    this.map.addLayer({ id: `${id}/image`, type: "raster", source: id, paint: { "raster-fade-duration": 0 } });
  }

  /** Remove the map from its element. */
  close(): void {
    this.#endRepaints();
    this.map.remove();
  }

  #drawn(id: string): string[] {
    return [...layerIds(id), `${id}/image`].filter((each) => this.map.getLayer(each));
  }

  #visible(): string[] {
    const layers = Object.entries(this.#layers).filter(([, { style }]) => style.visible !== false);
    return [...layers.map(([id]) => id), ...Object.keys(this.#images)];
  }

  #draw(id: string): void {
    const { style, data } = this.#layers[id]!;
    const resolve = (color: string) => resolveColor(color, this.map.getContainer());
    const look = {
      inks: { color: resolve(style.color), selected: resolve("--map-selected"), halo: resolve("--map-halo") },
      quiet: style.quiet ?? false,
      visible: style.visible ?? true,
      dense: data.features.length > DENSE,
      ...(style.classes ? { classes: style.classes.looks } : {}),
    };
    for (const layer of makeLayers(id, look)) this.map.addLayer(layer);
  }

  #repaint(): void {
    repaintWorld(this.map);
    for (const id of Object.keys(this.#layers)) {
      for (const each of this.#drawn(id)) this.map.removeLayer(each);
      this.#draw(id);
    }
  }

  #show(bounds: Bounds | undefined): void {
    if (!bounds) return;
    const [west, south, east, north] = bounds;
    const quick = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds([[west, south], [east, north]], { padding: MARGIN, maxZoom: NEAREST, duration: quick ? 0 : MOVE });
  }

  /** The topmost feature near a place of the screen: first where it is, then within reach. */
  #find({ point }: MapMouseEvent): { layer: string; feature: FeatureId } | undefined {
    const layers = Object.keys(this.#layers).flatMap((id) => this.#drawn(id));
    if (!layers.length) return undefined;
    const around: [[number, number], [number, number]] = [
      [point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH],
    ];
    const [found] = this.map.queryRenderedFeatures(point, { layers });
    const [feature = found] = found ? [found] : this.map.queryRenderedFeatures(around, { layers });
    return feature && { layer: feature.source, feature: Number(feature.id) };
  }
}

function isBounds(target: Bounds | readonly string[] | undefined): target is Bounds {
  return typeof target?.[0] === "number";
}

/** The features with their classes, without their attributes, which the map has no use of and would copy. */
function strip({ features }: Features, classes?: Classes): GeoJSON.FeatureCollection {
  const bare = features.map(({ geometry }, place) => ({
    type: "Feature",
    properties: classes ? { [CLASS]: classes.numbers[place] } : null,
    geometry,
  }));
  return { type: "FeatureCollection", features: bare as GeoJSON.Feature[] };
}

function diagonal([west, south, east, north]: Bounds): GeoJSON.LineString {
  return { type: "LineString", coordinates: [[west, south], [east, north]] };
}

function geometriesOf(data: Features | undefined): (GeoJSON.Geometry | null)[] {
  return data?.features.map((each) => each.geometry) ?? [];
}

function hasWebGL(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

let style: Promise<void> | undefined;

/** Load the style of maps, once. */
function loadStyle(): Promise<void> {
  style ??= new Promise((resolve, reject) => {
    const link = make("link", { rel: "stylesheet", href: styleUrl });
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error(styleUrl)));
    document.head.append(link);
  });
  return style;
}

function makeLocale(): Record<string, string> {
  return {
    "Map.Title": text("Map"),
    "NavigationControl.ZoomIn": text("Zoom in"),
    "NavigationControl.ZoomOut": text("Zoom out"),
    "CooperativeGesturesHandler.MobileHelpText": text("Use two fingers to move the map"),
    "CooperativeGesturesHandler.WindowsHelpText": text("Use Ctrl + scroll to zoom the map"),
    "CooperativeGesturesHandler.MacHelpText": text("Use ⌘ + scroll to zoom the map"),
  };
}
