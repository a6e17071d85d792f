// Meridians and parallels.

const MOST_NORTH = 85; // where the map ends (Web Mercator)

/** Return the meridians and parallels that are multiples of some degrees. */
export function makeGraticule(step: number): GeoJSON.Feature<GeoJSON.MultiLineString> {
  const coordinates: GeoJSON.Position[][] = [];
  for (let x = -180; x <= 180; x += step) coordinates.push([[x, -MOST_NORTH], [x, MOST_NORTH]]);
  for (let y = -90 + step; y < 90; y += step) coordinates.push([[-180, y], [180, y]]);
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates } };
}
