import { describe, expect, it } from "vitest";
import type { ProjectionState } from "../ledger/index.js";
import type { ProjectionRecord } from "./projection-record.js";
import { rebuildReason } from "./rebuild-reason.js";

const record: ProjectionRecord = {
  generation: "g",
  epoch: 7,
  ledger: "l",
  phase: "ready",
  position: "p9",
  cursors: ["p7", "p8"],
  after: null,
};
const recorded = { generation: "g", epoch: 7, feed: "f", rebuilding: false };
const state: ProjectionState = { ledger: "l", clockMs: 1, feed: "f", recorded, cursor: "p8" };

const reasonOf = (sides: {
  state?: Partial<ProjectionState>;
  record?: Partial<ProjectionRecord> | null;
  refused?: string;
}) =>
  rebuildReason({
    state: { ...state, ...sides.state },
    record: sides.record === null ? null : { ...record, ...sides.record },
    refused: sides.refused ?? null,
  });

describe("the projection in Redis", () => {
  it("is continued when both sides know each other, whether or not the last cursor was stored", () => {
    expect(reasonOf({})).toBeNull();
    expect(reasonOf({ state: { cursor: "p7" } })).toBeNull();
    expect(reasonOf({ record: { phase: "filling", after: "j" } })).toBeNull();
  });

  it.each([
    ["the ledger was never projected", { state: { recorded: null } }],
    ["Redis has no record", { record: null }],
    ["another ledger", { record: { ledger: "other" } }],
    ["different generations", { record: { generation: "other" } }],
    ["different generations", { record: { epoch: 6 } }],
    ["failed over", { state: { feed: "g" } }],
    ["not kept up for a day", { state: { cursor: null } }],
    ["put back to an earlier state", { state: { cursor: "p6" } }],
    ["put back to an earlier state", { state: { cursor: "p9" } }],
    ["does not go back", { refused: "p9" }],
  ])("is rebuilt when %s", (reason, sides) => {
    expect(reasonOf(sides)).toContain(reason);
  });
});
