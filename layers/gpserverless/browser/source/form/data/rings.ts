// Rings of polygons: Esri's outer rings run clockwise, and a list of rings does not say which hole is in which.
import type { Position } from "./systems.ts";

export type Ring = Position[];

/** Return twice the area of a ring, which is negative if it runs clockwise. */
export function doubleArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x = 0, y = 0] = ring[i]!;
    const [before = 0, below = 0] = ring[j]!;
    sum += before * y - x * below;
  }
  return sum;
}

/** Return a ring that runs clockwise, or the other way round. */
export function turn(ring: Ring, isClockwise: boolean): Ring {
  return doubleArea(ring) < 0 === isClockwise ? ring : [...ring].reverse();
}

/** Return polygons of GeoJSON: every clockwise ring with the holes inside it. */
export function groupRings(rings: Ring[]): Ring[][] {
  const polygons = rings.filter((ring) => doubleArea(ring) <= 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => doubleArea(ring) > 0)) {
    const around = polygons.find(([outer]) => contains(outer!, hole[0]!));
    if (around) around.push(hole);
    else polygons.push([hole]);
  }
  return polygons.map((polygon) => polygon.map((ring, index) => turn(ring, index > 0)));
}

function contains(ring: Ring, [x = NaN, y = NaN]: Position): boolean {
  let isInside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [left = 0, low = 0] = ring[i]!;
    const [right = 0, high = 0] = ring[j]!;
    if (low > y !== high > y && x < ((right - left) * (y - low)) / (high - low) + left) isInside = !isInside;
  }
  return isInside;
}
