// The pictures of the parts of a map.

/** Width and height of a picture in pixels of the page. */
export const TILE = 512;

const DPI = 96;
const FINEST = 2; // pixels of a screen to one of the page that are worth their bytes

/**
 * Return the URL of the picture of a part, with a place for the part.
 *
 * @param service URL of the map.
 * @param ratio Pixels of the screen to one of the page.
 */
export function tileUrl(service: string, ratio: number): string {
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
  return `${service}/export?bbox={bbox-epsg-3857}&${fields}`;
}
