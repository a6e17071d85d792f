// The colours of the cells of a raster.

/** The ramp viridis of Matplotlib in steps of one eighth: in order for every kind of sight, and in grey. */
export const RAMP = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"] as const;

const STEPS = 256;
const OPAQUE = 255;

/** The values between which colours are spread. */
export interface Stretch {
  min: number;
  max: number;
}

/** Return the colour of a share of the ramp: red, green, blue, each of 255. */
export function rampAt(share: number): [number, number, number] {
  const place = Math.max(0, Math.min(1, share)) * (RAMP.length - 1);
  const below = Math.min(Math.floor(place), RAMP.length - 2);
  const [from, to] = [readColor(RAMP[below]!), readColor(RAMP[below + 1]!)];
  const mix = (part: 0 | 1 | 2) => Math.round(from[part] + (to[part] - from[part]) * (place - below));
  return [mix(0), mix(1), mix(2)];
}

function readColor(color: string): [number, number, number] {
  const number = Number.parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Return the share of a value between two; a half where they are the same. */
export function shareOf(value: number, { min, max }: Stretch): number {
  if (max <= min) return 0.5;
  if (value <= min || value >= max) return value <= min ? 0 : 1; // infinite ones too
  return (value / 2 - min / 2) / (max / 2 - min / 2); // of halves: the whole may be more than a number holds
}

/** Return pixels of one band on the ramp; NaN is transparent. */
export function paintRamp(values: Float64Array, stretch: Stretch): Uint8ClampedArray<ArrayBuffer> {
  const colors = Array.from({ length: STEPS }, (_, step) => rampAt(step / (STEPS - 1)));
  return paint(values.length, (cell) => {
    const value = values[cell]!;
    return Number.isNaN(value) ? undefined : colors[Math.round(shareOf(value, stretch) * (STEPS - 1))];
  });
}

/** Return pixels of one band whose values are places in a list of colours; others are transparent. */
export function paintColors(values: Float64Array, colors: readonly (readonly number[])[]): Uint8ClampedArray<ArrayBuffer> {
  return paint(values.length, (cell) => colors[values[cell]!]);
}

/** Return pixels of red, green and blue; a cell without all three is transparent. */
export function paintBands(bands: readonly Float64Array[], stretch: Stretch): Uint8ClampedArray<ArrayBuffer> {
  const [red, green, blue] = bands as [Float64Array, Float64Array, Float64Array];
  const level = (value: number) => shareOf(value, stretch) * 255;
  return paint(red.length, (cell) => {
    const sum = red[cell]! + green[cell]! + blue[cell]!;
    return Number.isNaN(sum) ? undefined : [level(red[cell]!), level(green[cell]!), level(blue[cell]!)];
  });
}

function paint(count: number, colorOf: (cell: number) => readonly number[] | undefined): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(count * 4);
  for (let cell = 0; cell < count; cell++) {
    const color = colorOf(cell);
    if (!color) continue;
    pixels[cell * 4] = color[0]!;
    pixels[cell * 4 + 1] = color[1]!;
    pixels[cell * 4 + 2] = color[2]!;
    pixels[cell * 4 + 3] = OPAQUE;
  }
  return pixels;
}

/** Return the values between which three bands are spread: those of a byte as they are, others by what is there. */
export function stretchBands(bits: number, around: readonly Stretch[]): Stretch {
  if (bits === 8) return { min: 0, max: 255 };
  return { min: Math.min(...around.map((each) => each.min)), max: Math.max(...around.map((each) => each.max)) };
}
