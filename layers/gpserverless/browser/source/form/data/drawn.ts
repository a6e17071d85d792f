// Features from the map of the world, which goes on to the left and to the right.

const AROUND = 360;

/** Return features as the parameter wants them: in the world from -180 to 180, and as one multipoint if it takes those. */
export function finishDrawn(drawn: readonly GeoJSON.Feature[], geometryType: string): GeoJSON.Feature[] {
  const features = drawn.map(moveIntoWorld);
  if (geometryType !== "esriGeometryMultipoint" || !features.length) return features;
  const coordinates = features.map(({ geometry }) => (geometry as GeoJSON.Point).coordinates);
  return [{ type: "Feature", properties: {}, geometry: { type: "MultiPoint", coordinates } }];
}

/** Move a whole feature, so that one across the 180th meridian stays in one piece. */
function moveIntoWorld(feature: GeoJSON.Feature): GeoJSON.Feature {
  const coordinates = (feature.geometry as GeoJSON.Polygon).coordinates as unknown;
  const shift = AROUND * Math.round(firstOf(coordinates) / AROUND);
  if (!shift) return feature;
  return { ...feature, geometry: { ...feature.geometry, coordinates: move(coordinates, shift) } as GeoJSON.Geometry };
}

function firstOf(coordinates: unknown): number {
  return typeof coordinates === "number" ? coordinates : firstOf((coordinates as unknown[])[0]);
}

function move(coordinates: unknown, shift: number): unknown {
  const [x, y] = coordinates as unknown[];
  return typeof x === "number" ? [x - shift, y] : (coordinates as unknown[]).map((part) => move(part, shift));
}
