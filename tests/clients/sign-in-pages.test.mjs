// The pages of the sign-in in headless Chromium: by hand, and by an application of another origin with PKCE.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openPage } from "./browser.mjs";
import { PASSWORD, PORTAL, SECURED, SITE, USER } from "./site.mjs";

const CATALOGUE = `${SITE}/arcgis/rest/services`;
const APPLICATION = `<!doctype html><title>waiting</title><link rel="icon" href="data:,">
<script src="/node_modules/@esri/arcgis-rest-request/dist/bundled/request.umd.min.js"></script>
<script>
const options = { clientId: "arcgisonline", portal: "${PORTAL}", redirectUri: location.origin + "/", popup: false };
const { ArcGISIdentityManager, request } = arcgisRest;
const begin = () => ArcGISIdentityManager.beginOAuth2(options);
async function complete() {
  window.session = await ArcGISIdentityManager.completeOAuth2(options);
  const self = await request(options.portal + "/portals/self", { authentication: session, credentials: "include" });
  const service = await request("${SECURED}", { authentication: session });
  document.title = self.user.username + " " + service.tasks.includes("CopyFile");
}
if (new URLSearchParams(location.search).has("code")) complete().catch((error) => (document.title = String(error)));
</script>`;

let opened;

before(async () => {
  opened = await openPage(APPLICATION);
});

after(() => opened?.close());

async function fill(page, password) {
  await page.getByLabel("Username").fill(USER);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("an application of another origin signs a user in with a code and PKCE", async () => {
  const { page } = opened;
  await page.evaluate(() => void begin());
  await page.waitForURL(`${PORTAL}/oauth2/authorize*`);
  await fill(page, PASSWORD);
  await page.waitForFunction(() => document.title !== "waiting" && document.title !== "Sign in");
  assert.equal(await page.title(), `${USER} true`);
});

test("a wrong password is told, and the next try counts", async () => {
  const { page } = opened;
  await page.goto(`${CATALOGUE.replace("services", "login")}?next=/arcgis/rest/services`);
  await fill(page, "wrong");
  assert.equal(await page.getByRole("alert").textContent(), "Invalid username or password.");
  await fill(page, PASSWORD);
  await page.waitForURL(CATALOGUE);
  const [cookie] = await page.context().cookies();
  const { name, path, httpOnly, secure, sameSite } = cookie;
  assert.deepEqual([name, path, httpOnly, secure, sameSite], ["agstoken", "/arcgis", true, false, "Lax"]);
});

test("a secured page leads to the sign-in and back", async () => {
  const { page } = opened;
  await page.context().clearCookies();
  await page.goto(SECURED);
  assert.match(page.url(), /\/rest\/login\?next=/);
  await fill(page, PASSWORD);
  await page.waitForURL(SECURED);
  assert.match(await page.textContent("body"), /CopyFile/);
});

test("a sign-out ends it", async () => {
  const { page } = opened;
  await page.goto(`${SITE}/arcgis/rest/logout`);
  assert.equal(await page.title(), "You have signed out");
  assert.deepEqual(await page.context().cookies(), []);
  await page.getByRole("link", { name: "Sign in again" }).click();
  assert.equal(await page.title(), "Sign in");
});

test("the page is plain to a keyboard and on a phone", async () => {
  const { page } = opened;
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`${SITE}/arcgis/rest/login`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, "nothing is wider than a small phone");
  const order = [];
  for (let i = 0; i < 3; i++) {
    order.push(await page.evaluate(() => document.activeElement.name || document.activeElement.type));
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(order, ["username", "password", "submit"]);
});

test("colours have enough contrast by day and by night", async () => {
  const { page } = opened;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${SITE}/arcgis/rest/login`);
    const pairs = await page.evaluate(() => {
      const colour = (element, name) => getComputedStyle(element)[name].match(/[\d.]+/g).slice(0, 3).map(Number);
      const card = document.querySelector(".card");
      return [
        [colour(document.querySelector("h1"), "color"), colour(card, "backgroundColor")],
        [colour(document.querySelector(".lead"), "color"), colour(card, "backgroundColor")],
        [colour(document.querySelector("button"), "color"), colour(document.querySelector("button"), "backgroundColor")],
      ];
    });
    for (const [text, back] of pairs) assert.ok(contrast(text, back) >= 4.5, `${colorScheme}: ${text} on ${back}`);
  }
});

/** The contrast of two colours (WCAG 2.2, relative luminance). */
function contrast(...colours) {
  const [light, dark] = colours.map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("the browser has nothing to complain of", () => {
  assert.deepEqual(opened.problems, []);
});
