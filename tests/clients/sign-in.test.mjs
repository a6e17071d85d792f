// @esri/arcgis-rest-request with a sign-in: generateToken of the portal, the exchange for the server, its end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  ApiKeyManager,
  ArcGISAuthError,
  ArcGISIdentityManager,
  ArcGISRequestError,
  Job,
  JOB_STATUSES,
  request,
} from "@esri/arcgis-rest-request";

import { PASSWORD, PORTAL, SECURED, SECURED_JOBS, SITE, SYNC, USER } from "./site.mjs";

let session;

before(async () => {
  session = await ArcGISIdentityManager.signIn({ username: USER, password: PASSWORD, portal: PORTAL });
});

after(() => session?.signOut());

/** An uploaded file, as a value. */
async function upload(authentication, service, text) {
  const file = new File([text], "words.txt", { type: "text/plain" });
  const { item } = await request(`${service}/uploads/upload`, { authentication, params: { file, description: "" } });
  return { itemID: item.itemID };
}

test("a name and a password make a session that knows its user and its portal", async () => {
  assert.equal(session.username, USER);
  assert.ok(session.tokenExpires > new Date());
  assert.equal((await session.getUser()).fullName, "Ana Lima");
  const portal = await session.getPortal();
  assert.equal(portal.isPortal, true);
  assert.equal(portal.user.username, USER);
});

test("a wrong password is an error with its words", async () => {
  const wrong = { username: USER, password: "wrong", portal: PORTAL };
  await assert.rejects(ArcGISIdentityManager.signIn(wrong), (error) => {
    assert.match(error.message, /Unable to generate token/);
    return true;
  });
});

test("a secured service asks for a token", async () => {
  for (const path of [SECURED, `${SECURED}/CopyFile`, `${SECURED}/CopyFile/execute`]) {
    await assert.rejects(request(path), (error) => {
      assert.ok(error instanceof ArcGISAuthError, error.name);
      assert.equal(error.code, 499);
      return true;
    });
  }
});

test("a token that does not count is told by its code", async () => {
  await assert.rejects(request(SECURED, { params: { token: "x" } }), (error) => {
    assert.ok(error instanceof ArcGISAuthError, error.name);
    assert.equal(error.code, 498);
    return true;
  });
});

test("a secured task is described, given an upload, and executed", async () => {
  const authentication = session;
  assert.deepEqual((await request(SECURED, { authentication })).tasks.includes("CopyFile"), true);
  const params = { In_File: await upload(session, SECURED, "hello") };
  const { results } = await request(`${SECURED}/CopyFile/execute`, { authentication, params });
  assert.equal(results[0].paramName, "Out_File");
  const token = await session.getToken(SECURED);
  assert.equal(await (await fetch(`${results[0].value.url}?token=${token}`)).text(), "hello");
});

test("a secured job runs, and its result is read", async () => {
  const params = { In_File: await upload(session, SECURED_JOBS, "hello") };
  const url = `${SECURED_JOBS}/CopyFile/submitJob`;
  const job = await Job.submitJob({ url, params, authentication: session, startMonitoring: false });
  job.startEventMonitoring(100);
  const { Out_File } = await job.getAllResults();
  job.stopEventMonitoring();
  assert.ok(Out_File.value.url.startsWith(SITE));
});

test("a secured job is cancelled", async () => {
  const params = { In_File: await upload(session, SECURED_JOBS, "hello"), Seconds: 60 };
  const url = `${SECURED_JOBS}/CopyFile/submitJob`;
  const job = await Job.submitJob({ url, params, authentication: session, startMonitoring: false });
  await assert.rejects(request(`${SECURED_JOBS}/CopyFile/jobs/${job.id}`), { code: 499 });
  const answer = await job.cancelJob();
  assert.match(answer.jobStatus, /^esriJobCancel/);
  for (const deadline = Date.now() + 60_000; ; ) {
    if ((await job.getJobInfo()).status === JOB_STATUSES.Cancelled) break;
    assert.ok(Date.now() < deadline, "not cancelled within 60 s");
  }
});

test("a task for publishers is forbidden", async () => {
  await assert.rejects(request(`${SECURED}/Publish/execute`, { authentication: session }), (error) => {
    assert.ok(error instanceof ArcGISRequestError);
    assert.equal(error.code, 403);
    return true;
  });
});

test("a session is made of a token, and of an application's own", async () => {
  const token = await session.getToken(PORTAL);
  const again = await ArcGISIdentityManager.fromToken({ token, portal: PORTAL });
  assert.equal(again.username, USER);
  const key = ApiKeyManager.fromKey(token);
  assert.deepEqual((await request(SECURED, { authentication: key })).tasks.includes("CopyFile"), true);
});

test("a service for everybody is called with the session too", async () => {
  const params = { In_GPLong: 3 };
  const { results } = await request(`${SYNC}/Echo/execute`, { authentication: session, params });
  assert.equal(results.find((result) => result.paramName === "Out_GPLong").value, 3);
});

test("the token ends with the session", async () => {
  const other = await ArcGISIdentityManager.signIn({ username: USER, password: PASSWORD, portal: PORTAL });
  const token = await other.getToken(SECURED);
  await other.signOut();
  // The services may let it pass for a minute more; what gives out tokens knows it at once.
  await assert.rejects(request(`${PORTAL}/generateToken`, { params: { token } }), { code: 498 });
});
