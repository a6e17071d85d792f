// A GeoTIFF as pixels. Loaded when there is one: the library is large.
import { fromArrayBuffer, type GeoTIFF, type GeoTIFFImage } from "geotiff";

import { makePause } from "./pause.ts";
import { paintBands, paintColors, paintRamp, type Stretch, stretchBands } from "./raster_colors.ts";
import { findPlace, type RasterPlace } from "./raster_place.ts";
import { BandSample, chooseImage, MOST_CELLS, roundNodata, type Size, sizeDrawing } from "./raster_sample.ts";

const REDUCED = 1; // bits of NewSubfileType
const MASK = 4;
const RGB = 2; // of PhotometricInterpretation
const PALETTE = 3;
const CONVERTED = [5, 6, 8]; // CMYK, YCbCr and CIE L*a*b*: the library makes red, green and blue of them
const FLOAT = 3; // of SampleFormat
const ALPHA = [1, 2]; // of ExtraSamples
const READABLE = [1, 5, 6, 7, 8, 32773, 32946]; // compressions; others need WebAssembly, which the policy of pages forbids
const PIECE = 2e6; // cells that are read at once

/** The raster cannot be drawn: `reason` says why. */
export class NotDrawn extends Error {
  override name = "NotDrawn";
  readonly reason: "compression" | "cells";

  constructor(reason: NotDrawn["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

/** A raster as a picture. */
export interface RasterPicture {
  /** Of the raster. */
  size: Size;
  /** Of the pixels. */
  drawn: Size;
  pixels: Uint8ClampedArray<ArrayBuffer>;
  bands: number;
  /** The look: a ramp between two values, colours of its own, or one of several bands on a ramp. */
  look: "ramp" | "colors" | "one of";
  stretch: Stretch;
  /** Cells without a value in the first band. */
  empty: number;
  /** Whether the values are those of all cells, not of an overview. */
  isWhole: boolean;
  place: RasterPlace;
}

/**
 * Return a GeoTIFF as a picture.
 *
 * @throws {NotDrawn} It is too large, or compressed in a way that is not read here.
 * @throws {Error} It is damaged.
 */
export async function drawTiff(bytes: ArrayBuffer): Promise<RasterPicture> {
  const tiff = await fromArrayBuffer(bytes);
  const { images, masks } = await listImages(tiff);
  const [first] = images as [GeoTIFFImage];
  const image = images[chooseImage(images.map(sizeOf))]!;
  const size = sizeOf(image);
  if (size.columns * size.rows > MOST_CELLS) throw new NotDrawn("cells");
  const look = await readLook(image);
  if (!READABLE.includes(look.compression)) throw new NotDrawn("compression");
  const mask = masks.find((each) => isSame(sizeOf(each), size));
  const drawn = sizeDrawing(size);
  const samples = await readSamples(image, look, drawn, mask);
  return {
    size: sizeOf(first),
    drawn,
    ...paintSamples(samples, look),
    bands: look.bands,
    empty: samples[0]!.empty,
    isWhole: image === first,
    place: await locate(first),
  };
}

/** Return the raster with its overviews, and the masks of them. */
async function listImages(tiff: GeoTIFF): Promise<{ images: GeoTIFFImage[]; masks: GeoTIFFImage[] }> {
  const [images, masks]: [GeoTIFFImage[], GeoTIFFImage[]] = [[], []];
  for (let place = 0; place < (await tiff.getImageCount()); place++) {
    const image = await tiff.getImage(place);
    const kind = Number((await image.fileDirectory.loadValue("NewSubfileType")) ?? 0);
    if (kind & MASK) masks.push(image);
    else if (place === 0 || kind & REDUCED) images.push(image);
  }
  return { images, masks };
}

function sizeOf(image: GeoTIFFImage): Size {
  return { columns: image.getWidth(), rows: image.getHeight() };
}

function isSame(one: Size, other: Size): boolean {
  return one.columns === other.columns && one.rows === other.rows;
}

/** What the tags say of the bands of an image. */
interface Look {
  compression: number;
  kind: "bands" | "palette" | "converted";
  bands: number;
  /** The bands that are drawn. */
  drawn: number[];
  /** The band that says where there are values. */
  alpha?: number;
  bits: number;
  nodata: number | null;
  palette: number[][];
}

async function readLook(image: GeoTIFFImage): Promise<Look> {
  const load = async (tag: string) => (await image.fileDirectory.loadValue(tag as never)) as unknown;
  const photometric = Number(await load("PhotometricInterpretation"));
  const extra = [...((await load("ExtraSamples")) as ArrayLike<number> & Iterable<number> | undefined) ?? []];
  const samples = image.getSamplesPerPixel();
  const isAlpha = extra.length > 0 && ALPHA.includes(extra[0]!);
  const bands = isAlpha ? samples - extra.length : samples;
  const isColor = CONVERTED.includes(photometric) || photometric === RGB || bands === 3;
  return {
    compression: Number((await load("Compression")) ?? 1),
    kind: CONVERTED.includes(photometric) ? "converted" : photometric === PALETTE ? "palette" : "bands",
    bands,
    drawn: isColor && bands >= 3 ? [0, 1, 2] : [0],
    ...(isAlpha ? { alpha: bands } : {}),
    bits: image.getBitsPerSample(),
    nodata: roundNodata(image.getGDALNoData(), image.getSampleFormat() === FLOAT && image.getBitsPerSample() === 32),
    palette: photometric === PALETTE ? readPalette((await load("ColorMap")) as ArrayLike<number>) : [],
  };
}

/** Return the colours of a palette, which has 16 bits of each red, then of each green, then of each blue. */
function readPalette(map: ArrayLike<number>): number[][] {
  const count = map.length / 3;
  return Array.from({ length: count }, (_, place) => [0, 1, 2].map((part) => map[part * count + place]! >> 8));
}

async function readSamples(image: GeoTIFFImage, look: Look, drawn: Size, mask?: GeoTIFFImage): Promise<BandSample[]> {
  const size = sizeOf(image);
  const samples = look.drawn.map(() => new BandSample(size, drawn, look.nodata));
  const pause = makePause();
  const block = image.getBlockHeight(0);
  const step = block * Math.max(1, Math.floor(PIECE / size.columns / block));
  for (let top = 0; top < size.rows; top += step) {
    const window = [0, top, size.columns, Math.min(size.rows, top + step)];
    const wanted = look.alpha === undefined ? look.drawn : [...look.drawn, look.alpha];
    const read =
      look.kind === "converted"
        ? await image.readRGB({ window, interleave: false })
        : await image.readRasters({ window, samples: wanted, interleave: false });
    const [valid] = mask ? await mask.readRasters({ window, samples: [0], interleave: false }) : [read[look.drawn.length]];
    for (const [place, sample] of samples.entries()) sample.add(top, read[place] as ArrayLike<number>, valid as ArrayLike<number> | undefined);
    await pause();
  }
  return samples;
}

function paintSamples(samples: BandSample[], { kind, bits, palette, bands }: Look): Pick<RasterPicture, "pixels" | "look" | "stretch"> {
  const [first] = samples as [BandSample];
  if (kind === "palette") return { pixels: paintColors(first.values, palette), look: "colors", stretch: first.stretch };
  if (samples.length === 3) {
    const stretch = stretchBands(bits, samples);
    return { pixels: paintBands(samples.map((each) => each.values), stretch), look: "colors", stretch };
  }
  return { pixels: paintRamp(first.values, first.stretch), look: bands > 1 ? "one of" : "ramp", stretch: first.stretch };
}

async function locate(image: GeoTIFFImage): Promise<RasterPlace> {
  const load = async (tag: string) => (await image.fileDirectory.loadValue(tag as never)) as ArrayLike<number> | undefined;
  const [tiePoint, scale, matrix] = [await load("ModelTiepoint"), await load("ModelPixelScale"), await load("ModelTransformation")];
  return findPlace({
    ...sizeOf(image),
    ...(tiePoint ? { tiePoint } : {}),
    ...(scale ? { scale } : {}),
    ...(matrix ? { matrix } : {}),
    keys: (image.getGeoKeys() ?? {}) as Record<string, unknown>,
  });
}
