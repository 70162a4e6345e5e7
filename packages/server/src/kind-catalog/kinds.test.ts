import { defineJob, type RecordedKind } from "lockstep/internal/job";
import type { KindLedger } from "lockstep/internal/ledger";
import { expect, it } from "vitest";
import { z } from "zod";
import { createKinds, type Kinds } from "./index.js";

const run = () => null;
const logger = { warn: () => undefined };

/** A ledger with these kinds. `asked` has every name that was looked up. */
function ledgerOf(recorded: readonly RecordedKind[] = []) {
  const asked: string[] = [];
  const kinds: KindLedger = {
    define: async () => [],
    record: async () => undefined,
    async find(names) {
      asked.push(...names);
      return recorded.filter(({ kind }) => names.includes(kind));
    },
    list: async () => ({ kinds: recorded, next: null }),
    names: async () => recorded.map(({ kind }) => kind),
  };
  return { ledger: { kinds }, asked };
}

const named = (kind: string): RecordedKind => ({
  ...{ kind, queue: "default", priority: 0, max_attempts: 3, timeout_ms: null, backoff: null },
  ...{ limit_key: null, description: null, input_schema: null, version_hash: null, recorded_at: "now" },
});

const check = (kinds: Kinds, job: { kind: string; input?: unknown; allow_unknown?: boolean }, at = "") =>
  kinds.ofRequest().check(job, at);

it("passes only storable input to a kind's own schema", async () => {
  let asked = 0;
  const input = z.unknown().refine(() => {
    asked += 1;
    return true;
  });
  const definitions = [defineJob({ kind: "watched", input, run })];
  const kinds = createKinds({ definitions, logger, ...ledgerOf() });
  let deep: unknown = [];
  for (let level = 0; level < 200; level++) deep = [deep];
  for (const bad of [deep, "\u0000", "x".repeat(1_048_577)])
    expect(await check(kinds, { kind: "watched", input: bad })).toMatchObject({ code: "INVALID_INPUT" });
  expect(asked).toBe(0);
  expect(await check(kinds, { kind: "watched", input: {} })).toBeNull();
  expect(asked).toBe(1);
});

it.each([
  ["sned-mail", ["send-mail", "scan", "b"], "is not a known kind; did you mean send-mail?"],
  ["sam", ["scam", "spam", "ham"], "is not a known kind; did you mean scam or spam or ham?"],
  ["c", ["bbb", "aaa"], "is not a known kind; known are aaa, bbb"],
  ["c", [], "is not a known kind: no worker or client has recorded one yet"],
  [
    "c",
    "abcdefghijk".split("").map((x) => x.repeat(3)),
    "is not a known kind; GET /api/kinds lists those that are",
  ],
])("asked for %s with %j, says what was probably meant", async (kind, known, detail) => {
  const kinds = createKinds({ definitions: [], logger, ...ledgerOf(known.map(named)) });
  expect(await check(kinds, { kind }, "/jobs/3")).toEqual({
    code: "UNKNOWN_KIND",
    issues: [{ pointer: "/jobs/3/kind", detail }],
  });
});

it("accepts an unknown kind when the request says so, if its input can be stored", async () => {
  const kinds = createKinds({ definitions: [], logger, ...ledgerOf() });
  expect(await check(kinds, { kind: "new", input: { a: 1 }, allow_unknown: true })).toBeNull();
  expect(await check(kinds, { kind: "new", input: "\u0000", allow_unknown: true })).toMatchObject({
    code: "INVALID_INPUT",
  });
});

it("rejects two definitions of one kind", () => {
  const twice = defineJob({ kind: "a", input: z.unknown(), run });
  expect(() => createKinds({ definitions: [twice, twice], logger, ...ledgerOf() })).toThrow(RangeError);
});

it("remembers a recorded kind, but never that one is not recorded", async () => {
  const { ledger, asked } = ledgerOf([named("python")]);
  const kinds = createKinds({ definitions: [], logger, ledger });
  for (const input of [{ steps: 3 }, null]) expect(await check(kinds, { kind: "python", input })).toBeNull();
  for (const kind of ["pyhton", "pyhton", "no\u0000name"])
    expect(await check(kinds, { kind, input: {} })).toMatchObject({ code: "UNKNOWN_KIND" });
  expect(asked).toEqual(["python", "pyhton", "pyhton"]);
});

it("reads each kind of a request once", async () => {
  const { ledger, asked } = ledgerOf();
  const request = createKinds({ definitions: [], logger, ledger }).ofRequest();
  for (let job = 0; job < 10; job += 1)
    expect(await request.check({ kind: "new", input: job, allow_unknown: true }, "")).toBeNull();
  expect(await request.defaults("new")).toEqual({});
  expect(asked).toEqual(["new"]);
});
