// The cells of a raster that a page draws, and what all of its cells have in common.
import type { Stretch } from "./raster_colors.ts";

/** Pixels of a drawn raster across and down. */
export const MOST_PIXELS = 2000;

/** Cells up to which all of them are read; of a larger raster its overview, if it has one. */
export const MOST_READ = 16e6;

/** Cells of the largest raster that a page reads. */
export const MOST_CELLS = 150e6;

/** Columns and rows. */
export interface Size {
  columns: number;
  rows: number;
}

/**
 * Return the place of the image that is read: the first, or the smallest overview with enough cells.
 *
 * @param sizes Sizes of the raster and of its overviews.
 */
export function chooseImage(sizes: readonly Size[]): number {
  const cells = ({ columns, rows }: Size) => columns * rows;
  const enough = ({ columns, rows }: Size) => Math.max(columns, rows) >= MOST_PIXELS;
  if (cells(sizes[0]!) <= MOST_READ) return 0;
  let chosen = 0;
  for (const [place, size] of sizes.entries()) if (enough(size) && cells(size) < cells(sizes[chosen]!)) chosen = place;
  return chosen;
}

/** Return the size of the drawing of an image. */
export function sizeDrawing({ columns, rows }: Size): Size {
  const scale = Math.min(1, MOST_PIXELS / Math.max(columns, rows));
  return { columns: Math.max(1, Math.round(columns * scale)), rows: Math.max(1, Math.round(rows * scale)) };
}

/** One band: the cells that are drawn, and the lowest and highest of all. */
export class BandSample {
  /** Values of the drawn cells, NaN where there is none. */
  readonly values: Float64Array;
  min = Infinity;
  max = -Infinity;
  /** Cells without a value. */
  empty = 0;

  readonly #size: Size;
  readonly #drawn: Size;
  readonly #nodata: number | null;

  /**
   * @param size Size of the image.
   * @param drawn Size of the drawing.
   * @param nodata The value of cells that have none, as cells have it.
   */
  constructor(size: Size, drawn: Size, nodata: number | null) {
    this.#size = size;
    this.#drawn = drawn;
    this.#nodata = nodata;
    this.values = new Float64Array(drawn.columns * drawn.rows).fill(NaN);
  }

  /** The values between which this band is; the same twice where it has none. */
  get stretch(): Stretch {
    return this.min <= this.max ? { min: this.min, max: this.max } : { min: NaN, max: NaN };
  }

  /**
   * Take whole rows of the image.
   *
   * @param top The first of these rows, counted from 0.
   * @param cells Their values, row after row.
   * @param mask Zero where a cell has no value; none if there is no mask.
   */
  add(top: number, cells: ArrayLike<number>, mask?: ArrayLike<number>): void {
    const { columns } = this.#size;
    for (let place = 0; place < cells.length; place++) {
      const value = cells[place]!;
      if (this.#isEmpty(value) || mask?.[place] === 0) this.empty++;
      else if (Number.isFinite(value)) {
        if (value < this.min) this.min = value;
        if (value > this.max) this.max = value;
      }
    }
    this.#draw(top, cells.length / columns, cells, mask);
  }

  /** Keep the cell in the middle of each pixel. */
  #draw(top: number, rows: number, cells: ArrayLike<number>, mask: ArrayLike<number> | undefined): void {
    const [across, down] = [this.#size.columns / this.#drawn.columns, this.#size.rows / this.#drawn.rows];
    const first = Math.max(0, Math.floor(top / down) - 1);
    for (let line = first; line < this.#drawn.rows; line++) {
      const row = Math.floor((line + 0.5) * down) - top;
      if (row < 0) continue;
      if (row >= rows) return;
      for (let pixel = 0; pixel < this.#drawn.columns; pixel++) {
        const place = row * this.#size.columns + Math.floor((pixel + 0.5) * across);
        const value = cells[place]!;
        if (!this.#isEmpty(value) && mask?.[place] !== 0) this.values[line * this.#drawn.columns + pixel] = value;
      }
    }
  }

  #isEmpty(value: number): boolean {
    return Number.isNaN(value) || value === this.#nodata;
  }
}

/** Return the value of cells without one, as cells of a type hold it. */
export function roundNodata(nodata: number | null, isSingle: boolean): number | null {
  return nodata !== null && isSingle ? Math.fround(nodata) : nodata;
}
