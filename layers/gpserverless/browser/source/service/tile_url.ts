// The pictures of the parts of a map.

/** Width and height of a picture in pixels of the page. */
export const TILE = 512;

const DPI = 96;
const FINEST = 2; // pixels of a screen to one of the page that are worth their bytes

/** The operations that draw: of maps and of images. */
export type Operation = "export" | "exportImage";

/**
 * Return the URL of the picture of a part, with a place for the part.
 *
 * @param service URL of the map or the image.
 * @param operation What draws it.
 * @param ratio Pixels of the screen to one of the page.
 */
export function tileUrl(service: string, operation: Operation, ratio: number): string {
  const scale = Math.min(FINEST, Math.max(1, Math.round(ratio)));
  const fields = new URLSearchParams({
    bboxSR: "3857",
    imageSR: "3857",
    size: `${TILE * scale},${TILE * scale}`,
    dpi: String(DPI * scale),
    format: "png32",
    transparent: "true",
    f: "image",
  });
  return `${service}/${operation}?bbox={bbox-epsg-3857}&${fields}`;
}
