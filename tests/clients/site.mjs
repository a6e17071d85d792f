// The site under test, and a value of every data type with what it must come back as.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const SITE = process.env.SITE;
export const SERVICES = `${SITE}/arcgis/rest/services`;
export const SYNC = `${SERVICES}/Conformance/Sync/GPServer`;
export const ASYNC = `${SERVICES}/Conformance/Async/GPServer`;
export const SECURED = `${SERVICES}/Conformance/Secured/GPServer`;
export const SECURED_JOBS = `${SERVICES}/Conformance/SecuredJobs/GPServer`;

export const PORTAL = `${SITE}/arcgis/sharing/rest`;
export const USER = process.env.SITE_USER;
export const PASSWORD = process.env.SITE_PASSWORD;

export const VALUES = JSON.parse(readFileSync(new URL("values.json", import.meta.url)));

/** A token of the user, as an application that has no library for it gets one. */
export async function generateToken() {
  const body = new URLSearchParams({ f: "json", username: USER, password: PASSWORD, client: "requestip" });
  return (await (await fetch(`${SITE}/arcgis/tokens/generateToken`, { method: "POST", body })).json()).token;
}

/** The value of a file that is uploaded to a service with a token. */
export async function upload(service, token, text) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ f: "json", token })) body.append(name, value);
  body.append("file", new File([text], "words.txt", { type: "text/plain" }));
  const { item } = await (await fetch(`${service}/uploads/upload`, { method: "POST", body })).json();
  return { itemID: item.itemID };
}

/** Inputs of Echo that are not values: files travel by upload, layers published with a task by their name. */
export const OTHERS = [
  "Layer", "GPDataFile", "GPRasterData", "GPRasterDataLayer",
  "GPMultiValue_GPDataFile", "GPMultiValue_GPRasterData", "GPMultiValue_GPRasterDataLayer",
];

/** Every member of `expected` is in `actual`, at every depth; lists have the same length. */
export function assertHolds(actual, expected, place) {
  if (expected === null || typeof expected !== "object") {
    assert.equal(actual, expected, place);
    return;
  }
  assert.ok(actual !== null && typeof actual === "object", `${place} is ${JSON.stringify(actual)}`);
  if (Array.isArray(expected)) assert.equal(actual.length, expected.length, `${place}.length`);
  for (const key of Object.keys(expected)) assertHolds(actual[key], expected[key], `${place}.${key}`);
}

/** What is sent as the input of every data type. */
export function inputs() {
  return Object.fromEntries(Object.entries(VALUES).map(([type, value]) => [`In_${type}`, value.sent]));
}

/** The outputs hold what was sent; `outputs` are values by name. */
export function assertEchoed(outputs) {
  for (const [type, value] of Object.entries(VALUES)) {
    assertHolds(outputs[`Out_${type}`], value.back, `Out_${type}`);
  }
}
