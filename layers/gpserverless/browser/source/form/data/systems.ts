// The spatial references that a page knows without a library: WGS84 and Web Mercator.

const DEGREES = new Set([4326]);
const WEB_MERCATOR = new Set([3857, 102100, 102113, 900913, 3785]);
const RADIUS = 6378137; // metres: the sphere of Web Mercator (EPSG method 1024)

export type Position = number[];
export type Convert = (position: Position) => Position;

/** Return the conversion from a system to WGS84, undefined if the system is not known here. */
export function fromSystem(wkid: number | undefined): Convert | undefined {
  if (wkid === undefined) return undefined;
  if (DEGREES.has(wkid)) return (position) => position;
  return WEB_MERCATOR.has(wkid) ? toDegrees : undefined;
}

/** Return the conversion from WGS84 to a system, undefined if the system is not known here. */
export function toSystem(wkid: number | undefined): Convert | undefined {
  if (wkid === undefined) return undefined;
  if (DEGREES.has(wkid)) return (position) => position;
  return WEB_MERCATOR.has(wkid) ? toMetres : undefined;
}

function toDegrees([x = NaN, y = NaN, ...others]: Position): Position {
  const latitude = 2 * Math.atan(Math.exp(y / RADIUS)) - Math.PI / 2;
  return [degrees(x / RADIUS), degrees(latitude), ...others];
}

function toMetres([longitude = NaN, latitude = NaN, ...others]: Position): Position {
  const y = RADIUS * Math.log(Math.tan(Math.PI / 4 + radians(latitude) / 2));
  return [RADIUS * radians(longitude), y, ...others];
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}
