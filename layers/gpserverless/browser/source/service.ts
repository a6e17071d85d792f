// The map or the raster of a job: its picture moves and grows, and a click tells what is there.
import { find, make } from "./dom.ts";
import { identify } from "./service/identify.ts";
import { readCell } from "./service/read_cell.ts";
import { tileUrl, TILE } from "./service/tile_url.ts";
import type { WorldMap } from "./map/map.ts";
import type { Bounds } from "./map/types.ts";
import { readExtent } from "./results/item.ts";
import type { FeaturePopup } from "./results/popup.ts";
import { loadStyle } from "./results/style.ts";
import { text } from "./text.ts";

const MARGIN = 40; // pixels around everything
const NEAREST = 15; // zoom at which one point is shown

const section = find("[data-map-service], [data-image-service]");
if (section) void show(section);

/** Show the map in the place of its picture, which stays where browsers cannot draw it, or it is nowhere on earth. */
async function show(section: HTMLElement): Promise<void> {
  const bounds = readExtent(section.dataset["extent"] ?? "");
  const picture = find(".map-picture", section);
  if (!bounds || !picture) return;
  await loadStyle();
  const place = make("div", { "data-map": true });
  picture.before(place);
  try {
    const [{ openMap }, { FeaturePopup }] = await Promise.all([import("./map/map.ts"), import("./results/popup.ts")]);
    const map = await openMap(place);
    picture.hidden = true;
    draw(map, new FeaturePopup(map), section, bounds);
  } catch {
    place.remove();
  }
}

function draw(map: WorldMap, popup: FeaturePopup, section: HTMLElement, bounds: Bounds): void {
  const image = section.dataset["imageService"];
  const service = new URL(image ?? section.dataset["mapService"] ?? "", location.href).href;
  const [west, south, east, north] = bounds;
  map.map.fitBounds([[west, south], [east, north]], { padding: MARGIN, maxZoom: NEAREST, duration: 0 }); // no pictures on the way
  map.addTiles("service", tileUrl(service, image ? "exportImage" : "export", devicePixelRatio), TILE, bounds);
  map.map.on("error", () => warn(section));
  map.map.on("click", ({ lngLat, originalEvent }) => {
    if (image) {
      void readCell(service, [lngLat.lng, lngLat.lat]).then((cell) => popup.show(cell.data, 0, cell.title, originalEvent), () => warn(section));
      return;
    }
    const canvas = map.map.getCanvas();
    const seen = map.map.getBounds();
    const view = { bounds: [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()] as const, width: canvas.clientWidth, height: canvas.clientHeight };
    void identify(service, [lngLat.lng, lngLat.lat], view).then((found) => {
      map.removeLayer("found");
      if (!found) return popup.hide();
      const geometry = found.data.shapes[0] ?? null;
      map.addLayer("found", { type: "FeatureCollection", features: [{ type: "Feature", properties: null, geometry }] }, { color: "--map-selected" });
      popup.show(found.data, 0, found.title, originalEvent);
    }, () => warn(section));
  });
}

/** Say once that something of the map is missing. */
function warn(section: HTMLElement): void {
  if (find(".notice", section)) return;
  section.append(make("p", { class: "notice", role: "status" }, text("A part of the map could not be drawn.")));
}
