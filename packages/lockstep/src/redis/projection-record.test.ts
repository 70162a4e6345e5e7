import { describe, expect, it } from "vitest";
import { newId } from "../job/index.js";
import {
  decodeProjectionRecord,
  encodeProjectionRecord,
  type ProjectionRecord,
} from "./projection-record.js";

const record: ProjectionRecord = {
  generation: newId(),
  epoch: 1_760_000_000_000,
  ledger: newId(),
  phase: "filling",
  position: "p/1:1:",
  cursors: ["p/0:0:", "p/1:1:"],
  after: newId(),
};

describe("the projection's record", () => {
  it("is read as it was written", () => {
    expect(decodeProjectionRecord(encodeProjectionRecord(record))).toEqual(record);
  });

  it.each([
    null,
    "",
    "nonsense",
    "null",
    "[]",
    JSON.stringify({ ...record, epoch: -1 }),
    JSON.stringify({ ...record, phase: "done" }),
    JSON.stringify({ ...record, more: 1 }),
    ` ${encodeProjectionRecord(record)}`,
  ])("counts as missing when it is %j, because only our own encoding can be swapped by its text", (text) => {
    expect(decodeProjectionRecord(text)).toBeNull();
  });
});
