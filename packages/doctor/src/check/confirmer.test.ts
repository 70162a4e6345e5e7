import type { Status } from "lockstep/internal/job";
import { expect, it } from "vitest";
import { ABSENT, type Answer, type Value, type View } from "../views/view.js";
import { Confirmer } from "./confirmer.js";

const QUIET_MS = 120;

function value(status: Status, fingerprint: string): Value {
  const times = { createdAt: null, startedAt: null, finishedAt: null, updatedAt: null };
  return {
    state: "value",
    word: status,
    status,
    ...times,
    attempt: null,
    evidence: [],
    fingerprint,
    beforeImage: null,
  };
}

/** A view with one job that returns one answer after the other, and then keeps the last one. */
function place(name: string, answers: readonly Answer<Value>[], looks: number[] = []): View {
  const left = [...answers];
  const read = async () => {
    looks.push(performance.now());
    return new Map([["a", left.length > 1 ? (left.shift() ?? ABSENT) : (left[0] ?? ABSENT)]]);
  };
  return {
    name,
    type: "test",
    traits: {
      role: "queue",
      absence: "meaningful",
      knowsLocks: true,
      keepsResults: true,
      isAuthority: false,
    },
    examine: async () => ({ countEstimate: 1, writeObstacle: null, notes: [] }),
    pages: async function* () {
      yield [];
    },
    idPages: async function* () {
      yield [];
    },
    summaries: read,
    read,
    writer: null,
    close: async () => undefined,
  };
}

async function confirmed(record: View, other: View) {
  const said: string[] = [];
  const confirmer = new Confirmer({
    views: { record, others: [other] },
    rules: { compareResults: true },
    quietMs: QUIET_MS,
    signal: new AbortController().signal,
    onDrift: async ({ verdict }) => void said.push(verdict.pattern),
    onUnclear: (_id, { type }) => void said.push(type),
  });
  await confirmer.add(["a"]);
  await confirmer.finish();
  return { said, settling: confirmer.settling };
}

const running = value("running", "row 1");
const done = value("completed", "entry 1");

it("a difference that both looks show is drift, and the looks are the quiet period apart", async () => {
  const looks: number[] = [];
  const found = await confirmed(place("table", [running], looks), place("queue", [done]));
  expect(found).toEqual({ said: ["stuck-running"], settling: 0 });
  expect(looks).toHaveLength(2);
  expect((looks[1] ?? 0) - (looks[0] ?? 0)).toBeGreaterThanOrEqual(QUIET_MS);
});

it.each<[string, readonly Answer<Value>[], readonly Answer<Value>[]]>([
  ["agrees at the second look", [running, value("completed", "row 2")], [done]],
  ["is in drift again, but with a changed row", [running, value("running", "row 2")], [done]],
  [
    "is in drift again, but with a changed entry",
    [running],
    [done, done, value("completed", "entry 2"), value("completed", "entry 2")],
  ],
  ["changes during the first look", [running], [value("running", "entry 0"), done]],
  ["changes during the second look", [running], [done, done, value("completed", "entry 2"), done]],
  ["is gone at the second look", [running, ABSENT], [done, done, ABSENT]],
])("a job that %s is not drift", async (_what, rows, entries) => {
  expect(await confirmed(place("table", rows), place("queue", entries))).toEqual({ said: [], settling: 1 });
});

it("a job that cannot be read at the second look is reported and is not drift", async () => {
  const unreadable = { state: "unknown", of: "value", why: "test" } as const;
  const found = await confirmed(place("table", [running, unreadable]), place("queue", [done]));
  expect(found).toEqual({ said: ["unknown"], settling: 0 });
});
