import { expect, it } from "vitest";
import type { ViewSet } from "../check/probe.js";
import type { PlanItem } from "../plan/plan.js";
import { ABSENT, type Answer, type Value, type View } from "../views/view.js";
import type { Repair } from "../views/writer.js";
import { applyBatch, settleOpen } from "./apply-batch.js";
import type { Intent, Journal, JournalLine } from "./journal.js";

const by = { run: "run", actor: "test" };
const item: PlanItem = {
  id: "a",
  pattern: "stuck-running",
  view: "table",
  action: "settle",
  to: { status: "completed" },
  marks: { table: "row 1", queue: "entry 1" },
  changes: [],
};

function value(word: string, mark: string, more: Partial<Value> = {}): Value {
  const times = { createdAt: null, startedAt: null, finishedAt: null, updatedAt: null };
  return {
    state: "value",
    word,
    status: null,
    ...times,
    attempt: null,
    evidence: [],
    fingerprint: mark,
    beforeImage: { mark },
    ...more,
  };
}

/** A view with one job that records each write. */
function place(name: string, answer: Answer<Value>, onWrite?: (repair: Repair) => void): View {
  const read = async (ids: readonly string[]) => new Map(ids.map((id) => [id, answer]));
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
    writer: onWrite
      ? {
          actions: ["settle"],
          fields: new Set(),
          wordFor: (status) => status,
          async write(repair) {
            onWrite(repair);
            return { outcome: "written", fingerprint: "row 2" };
          },
          restore: async () => ({ outcome: "changed" }),
        }
      : null,
    close: async () => undefined,
  };
}

interface Setup {
  readonly table?: Answer<Value>;
  readonly queue?: Answer<Value>;
}

function setUp({ table = value("running", "row 1"), queue = value("completed", "entry 1") }: Setup = {}) {
  const events: string[] = [];
  const journal: Journal = {
    async append(line: JournalLine) {
      events.push(`journal ${Object.keys(line).join()}`);
    },
    close: async () => undefined,
  };
  const record = place("table", table, ({ fingerprint }) => void events.push(`write over ${fingerprint}`));
  const views: ViewSet = { record, others: [place("queue", queue)] };
  return { events, journal, views };
}

async function applied(setup: Setup): Promise<readonly string[]> {
  const { events, journal, views } = setUp(setup);
  const [outcome] = await applyBatch({ views, journal, by }, [{ at: 0, item }]);
  return [...events, outcome?.outcome ?? "none"];
}

it("the intent is in the journal before the store is asked to write, and the outcome after it", async () => {
  expect(await applied({})).toEqual(["journal intents", "write over row 1", "journal outcomes", "written"]);
});

it.each<[string, Setup]>([
  ["the row has changed", { table: value("running", "row 9") }],
  ["the queue's entry has changed", { queue: value("completed", "entry 9") }],
  ["the row is gone", { table: ABSENT }],
  ["the queue's entry is gone", { queue: ABSENT }],
  ["the row cannot be read", { table: { state: "unknown", of: "value", why: "test" } }],
  ["the queue cannot be read", { queue: { state: "unknown", of: "store", why: "test" } }],
  [
    "a lock is live, although nothing else has changed",
    { queue: value("completed", "entry 1", { lock: "held" }) },
  ],
  [
    "a heartbeat is live, although nothing else has changed",
    { table: value("running", "row 1", { lock: "held" }) },
  ],
])("no intent and no write is made when %s", async (_why, setup) => {
  expect(await applied(setup)).toEqual(["journal outcomes", "changed"]);
});

it("nothing is written when the queue's entry changed during the read, even if it is again as the plan saw it", async () => {
  const { events, journal, views } = setUp();
  const entries = [value("running", "entry 0"), value("completed", "entry 1")];
  const read = async () => new Map([["a", entries.shift() ?? ABSENT]]);
  const moving = views.others.map((view) => ({ ...view, read }));
  const [outcome] = await applyBatch({ views: { ...views, others: moving }, journal, by }, [{ at: 0, item }]);
  expect([...events, outcome?.outcome]).toEqual(["journal outcomes", "changed"]);
});

it.each<[string, Answer<Value>, readonly string[]]>([
  ["the write was not made: it is made now", value("running", "row 1"), ["write over row 1"]],
  [
    "the row had the word already and the write was not made: it is made now",
    value("completed", "row 1"),
    ["write over row 1"],
  ],
  ["the write was made: it is not made again", value("completed", "row 2"), []],
  ["somebody else has changed it: the write compares", value("failed", "row 9"), ["write over row 1"]],
])("after a crash between the intent and the outcome: %s", async (_why, table, writes) => {
  const { events, views } = setUp({ table });
  const intent: Intent = { at: 0, item, image: { mark: "row 1" }, mark: "row 1" };
  const [outcome] = await settleOpen({ views, by }, [intent]);
  expect(events).toEqual(writes);
  expect(outcome).toMatchObject({ outcome: "written", mark: "row 2" });
});
