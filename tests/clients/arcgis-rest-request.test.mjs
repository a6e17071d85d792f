// @esri/arcgis-rest-request: posts everything, polls every two seconds unless told otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ArcGISJobError, ArcGISRequestError, Job, JOB_STATUSES, request } from "@esri/arcgis-rest-request";

import { ASYNC, OTHERS, SERVICES, SITE, SYNC, VALUES, assertEchoed, inputs } from "./site.mjs";

const byName = (results) => Object.fromEntries(results.map((result) => [result.paramName, result.value]));

/** A job whose status is asked for often, so that the tests are quick. */
async function submit(task, params) {
  const job = await Job.submitJob({ url: `${ASYNC}/${task}/submitJob`, params, startMonitoring: false });
  job.startEventMonitoring(100);
  return job;
}

async function until(job, status) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if ((await job.getJobInfo()).status === status) return;
  }
  assert.fail(`not ${status} within 60 s`);
}

test("the catalogue leads to every service and task", async () => {
  const info = await request(`${SITE}/arcgis/rest/info`);
  assert.equal(info.authInfo.isTokenBasedSecurity, true);
  const root = await request(SERVICES);
  const folders = await Promise.all(root.folders.map((folder) => request(`${SERVICES}/${folder}`)));
  const services = [root, ...folders].flatMap((found) => found.services);
  assert.ok(services.some((service) => service.name === "Conformance/Async"));
  for (const { name, type } of services.filter(({ type }) => type === "GPServer")) {
    const service = await request(`${SERVICES}/${name}/${type}`);
    for (const task of service.tasks) {
      const described = await request(`${SERVICES}/${name}/${type}/${task}`);
      assert.equal(described.name, task);
      assert.equal(described.executionType, service.executionType);
    }
  }
});

test("there is a value for every input of Echo", async () => {
  const { parameters } = await request(`${SYNC}/Echo`);
  const declared = parameters.filter((p) => p.direction.endsWith("Input")).map((p) => p.name);
  const known = [...Object.keys(VALUES), ...OTHERS].map((type) => `In_${type}`);
  assert.deepEqual(known.sort(), declared.sort());
});

/**
 * As users of `request` send them: it repeats the key for every row of a table, and puts commas between texts,
 * which expressions have of their own.
 */
const spelt = (name, sent) => name.includes("SQLExpression") || Array.isArray(sent[0]);
const written = () =>
  Object.fromEntries(
    Object.entries(inputs()).map(([name, sent]) => [
      name,
      Array.isArray(sent) && spelt(name, sent) ? JSON.stringify(sent) : sent,
    ]),
  );

test("execute returns every data type", async () => {
  const { results } = await request(`${SYNC}/Echo/execute`, { params: written() });
  assertEchoed(byName(results));
});

test("execute is answered to GET as well", async () => {
  const params = { In_GPLong: 3, In_GPMultiValue_GPString: ["a", "b"] };
  const { results } = await request(`${SYNC}/Echo/execute`, { httpMethod: "GET", params });
  const outputs = byName(results);
  assert.equal(outputs.Out_GPLong, 3);
  assert.deepEqual(outputs.Out_GPMultiValue_GPString, ["a", "b"]);
});

test("a file is uploaded, used as input, and comes back", async () => {
  const file = new File(["hello"], "words.txt", { type: "text/plain" });
  const { success, item } = await request(`${SYNC}/uploads/upload`, { params: { file, description: "words" } });
  assert.equal(success, true);
  const params = { In_GPDataFile: { itemID: item.itemID } };
  const outputs = byName((await request(`${SYNC}/Echo/execute`, { params })).results);
  assert.equal(await (await fetch(outputs.Out_GPDataFile.url)).text(), "hello");
});

test("a layer that is published with the task is named", async () => {
  const params = { In_Layer: "Places" };
  const outputs = byName((await request(`${SYNC}/Echo/execute`, { params })).results);
  assert.ok(outputs.Out_Layer.features.length > 0);
});

test("a Date is sent as milliseconds, null is not sent", async () => {
  const params = { In_GPDate: new Date(86_400_000), In_GPLong: null };
  const outputs = byName((await request(`${SYNC}/Echo/execute`, { params })).results);
  assert.equal(outputs.Out_GPDate, 86_400_000);
  assert.equal(outputs.Out_GPLong, null);
});

test("outputs are projected as env:outSR asks", async () => {
  const params = { ...written(), "env:outSR": 102100 };
  const outputs = byName((await request(`${SYNC}/Echo/execute`, { params })).results);
  assert.deepEqual(outputs.Out_GPFeatureRecordSetLayer.spatialReference, { wkid: 102100, latestWkid: 3857 });
});

test("a job returns every data type", async () => {
  const job = await submit("Echo", inputs());
  await job.waitForCompletion();
  job.stopEventMonitoring();
  const results = [];
  for (const type of Object.keys(VALUES)) results.push(await job.getResult(`Out_${type}`));
  assertEchoed(byName(results));
});

test("a job tells its status as it goes", async () => {
  const job = await submit("Sleep", { Seconds: 0.5 });
  const seen = new Set();
  job.on(JOB_STATUSES.Status, (info) => seen.add(info.status));
  const info = await job.waitForCompletion();
  job.stopEventMonitoring();
  assert.equal(info.status, JOB_STATUSES.Success);
  assert.ok(seen.has(JOB_STATUSES.Executing), [...seen].join());
  assert.ok(info.messages.some((message) => message.description === "Slept for 0.5 seconds."));
  const { Slept } = await job.getAllResults();
  assert.ok(Slept.value >= 0.5, `${Slept.value}`);
});

test("a job is found again by its id", async () => {
  const first = await submit("Sleep", { Seconds: 0 });
  first.stopEventMonitoring();
  const again = await Job.deserialize(first.serialize(), { startMonitoring: false });
  await until(again, JOB_STATUSES.Success);
});

test("a job is cancelled while it runs", async () => {
  const job = await submit("Sleep", { Seconds: 60 });
  await until(job, JOB_STATUSES.Executing);
  const answer = await job.cancelJob();
  assert.equal(answer.jobStatus, "esriJobCancelling");
  await assert.rejects(job.waitForCompletion(), ArcGISJobError);
  await until(job, JOB_STATUSES.Cancelled);
  job.stopEventMonitoring();
});

test("a job that fails says why", async () => {
  const job = await submit("Fail", { Kind: "tool error" });
  await assert.rejects(job.waitForCompletion(), (error) => {
    assert.ok(error instanceof ArcGISJobError);
    assert.equal(error.status, JOB_STATUSES.Failed);
    const texts = error.jobInfo.messages.map((message) => message.description);
    assert.ok(texts.includes("The task failed because it was asked to."), texts.join());
    return true;
  });
  job.stopEventMonitoring();
});

test("a job with a bad value fails and says which", async () => {
  const job = await submit("Echo", { In_GPLong: "x" });
  await assert.rejects(job.getAllResults(), (error) => {
    assert.ok(error instanceof ArcGISJobError);
    assert.match(error.jobInfo.messages[1].description, /^Parameter 'In_GPLong': 'x' is not a whole number/);
    return true;
  });
  job.stopEventMonitoring();
});

const REFUSED = [
  ["a task that fails", `${SYNC}/Fail/execute`, { Kind: "crash" }, "Unable to complete operation."],
  ["a bad value", `${SYNC}/Echo/execute`, { In_GPLong: "x" }, "Invalid or missing input parameters."],
  ["a bad key", `${ASYNC}/Echo/submitJob`, { clientRequestId: "k".repeat(256) }, "Invalid or missing input parameters."],
];

for (const [what, url, params, message] of REFUSED) {
  test(`${what} is an error with its code and message`, async () => {
    await assert.rejects(request(url, { params }), (error) => {
      assert.ok(error instanceof ArcGISRequestError);
      assert.equal(error.code, 400);
      assert.equal(error.originalMessage, message);
      return true;
    });
  });
}

test("a result too large for a function is followed to where it lies", async () => {
  const text = "x".repeat(900_000);
  const job = await submit("Echo", { In_GPMultiValue_GPString: Array(5).fill(text) });
  const { value } = await job.getResult("Out_GPMultiValue_GPString");
  job.stopEventMonitoring();
  assert.deepEqual(value, Array(5).fill(text));
});
