// Questions about a job come slower the longer it takes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { FIRST, growDelay } from "../../../layers/gpserverless/browser/source/job/back_off.ts";

test("pauses grow from half a second by half, up to five seconds", () => {
  const delays = [FIRST];
  for (let turn = 0; turn < 7; turn++) delays.push(growDelay(delays.at(-1)!));
  assert.deepEqual(delays, [500, 750, 1125, 1687.5, 2531.25, 3796.875, 5000, 5000]);
});
