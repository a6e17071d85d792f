// Messages are added once, and stay.
import assert from "node:assert/strict";
import { test } from "node:test";

import { compareMessages } from "../../../layers/gpserverless/browser/source/job/messages.ts";

const message = (description: string, type = "esriJobMessageTypeInformative") => ({ type, description });
const [one, two, three] = [message("Submitted."), message("Buffering."), message("Buffering.")];

const CASES = [
  { name: "the first come", shown: [], received: [one, two], keep: 0, add: [one, two] },
  { name: "nothing has come", shown: [one, two], received: [one, two], keep: 2, add: [] },
  { name: "one more has come, with the text of the one before", shown: [one, two], received: [one, two, three], keep: 2, add: [three] },
  { name: "a second attempt begins anew", shown: [one, two], received: [one, message("Again.")], keep: 1, add: [message("Again.")] },
  { name: "a warning has the text of a message", shown: [one], received: [message("Submitted.", "esriJobMessageTypeWarning")], keep: 0, add: [message("Submitted.", "esriJobMessageTypeWarning")] },
  { name: "fewer have come", shown: [one, two, three], received: [one], keep: 1, add: [] },
];

for (const { name, shown, received, keep, add } of CASES) {
  test(name, () => assert.deepEqual(compareMessages(shown, received), { keep, add }));
}
