// The words of the map.
import type { Classes } from "./classes.ts";

/** West, south, east and north in degrees (WGS84). */
export type Bounds = readonly [number, number, number, number];

/** The position of a feature in the collection of its layer, counted from 0. */
export type FeatureId = number;

export type Features = GeoJSON.FeatureCollection<GeoJSON.Geometry | null>;

/** How a layer is drawn. */
export interface LayerStyle {
  /** A colour of CSS, or the name of a variable of CSS ("--map-1"), which follows light and dark. */
  color: string;
  /** Drawn with dashes, and less of it: for inputs. */
  quiet?: boolean;
  visible?: boolean;
  /** The classes of its features, which have colours of their own; all have that of the layer without them. */
  classes?: Classes;
}

/** Is called with the feature that was clicked; with nulls if the click met none. */
export type Select = (layerId: string | null, featureId: FeatureId | null, event: MouseEvent) => void;

/** The browser cannot draw maps. */
export class NoWebGL extends Error {
  override name = "NoWebGL";
}

/** Names of the variables with the colours of layers, in the order of use. */
export const COLORS = ["--map-1", "--map-2", "--map-3", "--map-4", "--map-5", "--map-6"] as const;
