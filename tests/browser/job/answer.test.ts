// What an answer about a job means, whatever the status of HTTP says.
import assert from "node:assert/strict";
import { test } from "node:test";

import { readAnswer, readLead } from "../../../layers/gpserverless/browser/source/job/answer.ts";
import { isLast } from "../../../layers/gpserverless/browser/source/job/poll.ts";

const failure = (code: number) => ({ error: { code, message: "Unable to complete operation." } });

const CASES: [string, number, unknown, string][] = [
  ["the document of a job", 200, { jobId: "j1", jobStatus: "esriJobExecuting" }, "job"],
  ["an envelope of a job that is unknown or has expired", 200, failure(400), "gone"],
  ["an envelope of a path that is not there", 404, failure(404), "gone"],
  ["an envelope that asks for a token", 200, failure(499), "refused"],
  ["an envelope of a token that has ended", 200, failure(498), "refused"],
  ["too many questions", 429, undefined, "unreachable"],
  ["a fault of the server", 200, failure(500), "unreachable"],
  ["a gateway without a document", 502, undefined, "unreachable"],
  ["a page of a proxy", 200, undefined, "unreachable"],
];

for (const [name, status, document, kind] of CASES) {
  test(`${name} is: ${kind}`, () => assert.equal(readAnswer(status, document, 0).kind, kind));
}

test("only faults that may pass and jobs that run are asked for again", () => {
  const job = (jobStatus: string) => ({ kind: "job", job: { jobId: "j1", jobStatus }, ahead: 0 }) as const;
  assert.deepEqual(
    [{ kind: "unreachable" } as const, job("esriJobExecuting"), job("esriJobCancelling")].map(isLast),
    [false, false, false],
  );
  assert.deepEqual(
    [{ kind: "gone" } as const, { kind: "refused" } as const, job("esriJobSucceeded"), job("esriJobTimedOut")].map(isLast),
    [true, true, true, true],
  );
});

test("a clock that goes wrong is corrected by the server's, a second is not", () => {
  const now = Date.parse("Mon, 30 Nov 2026 06:30:00 GMT");
  assert.equal(readLead("Mon, 30 Nov 2026 06:40:00 GMT", now), 600_500);
  assert.equal(readLead("Mon, 30 Nov 2026 06:30:01 GMT", now), 0);
  assert.equal(readLead(null, now), 0);
});
