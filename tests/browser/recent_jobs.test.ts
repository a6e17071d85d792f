// The last twenty jobs are kept in the browser, wherever it keeps anything.
import assert from "node:assert/strict";
import { test } from "node:test";

import { dropRecentJob, keepRecentJob, readRecentJobs, type Store } from "../../layers/gpserverless/browser/source/recent_jobs.ts";

function makeStore(text: string | null = null): Store {
  let kept = text;
  return { getItem: () => kept, setItem: (_key, value) => (kept = value) };
}

const job = (number: number, status = "esriJobExecuting") => ({ url: `/jobs/j${number}`, task: "Buffer", status, submitted: number });

test("a job is kept once, in its last state", () => {
  const store = makeStore();
  keepRecentJob(job(1), store);
  keepRecentJob(job(1, "esriJobSucceeded"), store);
  assert.deepEqual(readRecentJobs(store), [job(1, "esriJobSucceeded")]);
});

test("twenty are kept, the newest first", () => {
  const store = makeStore();
  for (let number = 1; number <= 25; number++) keepRecentJob(job(number), store);
  assert.deepEqual(readRecentJobs(store).map(({ submitted }) => submitted), Array.from({ length: 20 }, (_, place) => 25 - place));
});

test("a job that is gone is forgotten", () => {
  const store = makeStore();
  keepRecentJob(job(1), store);
  keepRecentJob(job(2), store);
  dropRecentJob(job(1).url, store);
  assert.deepEqual(readRecentJobs(store), [job(2)]);
});

for (const text of ["{", "null", '"text"', "{}", '[1,null,{"url":3}]']) {
  test(`the list is empty if ${text} was written there`, () => assert.deepEqual(readRecentJobs(makeStore(text)), []));
}

test("a browser that refuses to keep anything has no list", () => {
  const refuse = (): never => {
    throw new Error("QuotaExceededError");
  };
  keepRecentJob(job(1), { getItem: () => null, setItem: refuse });
  assert.deepEqual(readRecentJobs({ getItem: refuse, setItem: refuse }), []);
  assert.deepEqual(readRecentJobs(undefined), []);
});
