import { describe, expect, it } from "vitest";
import type { HandlerEnd, HistoryEvent, ReadEvent, ShownStatus } from "../history/events.js";
import { Findings } from "./finding.js";
import { judgeLedger, type LedgerJob, type LoggedTransition } from "./ledger.js";
import { judgeViews, storiesOf } from "./views.js";

const STEPS: readonly LoggedTransition[] = [
  { version: 1, from: null, status: "pending", attempt: 0 },
  { version: 2, from: "pending", status: "running", attempt: 1 },
  { version: 3, from: "running", status: "completed", attempt: 1 },
];
const honestJob: LedgerJob = {
  id: "id-1",
  key: "k",
  status: "completed",
  version: 3,
  attempt: 1,
  digest: "d1",
  transitions: STEPS,
  late: [],
  errorCode: null,
};
const submit: HistoryEvent = { e: "submit", began: 0, at: 1, key: "k", id: "id-1", version: 1 };
const start: HistoryEvent = { e: "start", at: 10, key: "k", attempt: 1, process: "w" };
const end: HandlerEnd = {
  e: "end",
  at: 20,
  key: "k",
  attempt: 1,
  process: "w",
  how: "returned",
  digest: "d1",
};

function read(
  at: number,
  status: ShownStatus,
  version: number | null,
  more: Partial<ReadEvent> = {},
): ReadEvent {
  return {
    e: "read",
    began: at - 1,
    at,
    client: "c",
    view: "status",
    key: "k",
    status,
    version,
    digest: null,
    claims: "now",
    minVersion: null,
    final: false,
    ...more,
  };
}

/** A queue that delivers has no versions, and may be late. */
function fromQueue(at: number, status: ShownStatus, digest: string | null): ReadEvent {
  return read(at, status, null, { view: "bullmq", claims: "late", digest });
}

const honest: readonly HistoryEvent[] = [
  submit,
  start,
  read(12, "running", 2),
  end,
  read(30, "completed", 3, { digest: "d1" }),
  fromQueue(31, "running", null),
  fromQueue(35, "completed", "d1"),
  { e: "stream", at: 31, client: "s", id: "id-1", version: 2, status: "running" },
  { e: "stream", at: 32, client: "s", id: "id-1", version: 3, status: "completed" },
  read(90, "completed", 3, { digest: "d1", final: true }),
];

function ledgerFindings(events: readonly HistoryEvent[], job: LedgerJob | null = honestJob): string[] {
  const findings = new Findings();
  judgeLedger(events, job ? [job] : [], findings);
  return findings.counts().map(([kind]) => kind);
}

function viewFindings(events: readonly HistoryEvent[]) {
  const findings = new Findings();
  const verdict = judgeViews(storiesOf(events), findings);
  return { kinds: findings.counts().map(([kind]) => kind), ...verdict };
}

describe("the oracle without a ledger", () => {
  it("finds nothing in a correct history", () => {
    expect(viewFindings(honest)).toMatchObject({ kinds: [], lost: [], stuck: [], doubles: [] });
  });

  it.each<readonly [string, readonly HistoryEvent[]]>([
    ["shown completed too early", [submit, start, read(15, "completed", 3), end]],
    [
      "a result that no handler returned",
      [submit, start, end, read(30, "completed", 3, { digest: "other" })],
    ],
    ["went back", [submit, start, end, read(30, "completed", 3), read(40, "running", 2)]],
    ["two ends", [submit, start, end, read(30, "failed", 3), read(40, "completed", 4)]],
    [
      "views disagree permanently",
      [
        submit,
        start,
        end,
        read(90, "completed", null, { final: true, view: "queue" }),
        read(91, "running", null, { final: true }),
      ],
    ],
  ])("finds the planted fault: %s", (kind, events) => {
    expect(viewFindings(events).kinds).toContain(kind);
  });

  it("distinguishes a lost job from a stuck one", () => {
    expect(viewFindings([submit, read(90, "absent", null, { final: true })]).lost).toEqual(["k"]);
    expect(viewFindings([submit, start, read(90, "running", 2, { final: true })]).stuck).toEqual(["k"]);
  });

  it("measures how long a view stayed behind, and ignores answers that say they may be late", () => {
    const behind = [submit, start, end, read(520, "running", 2, { began: 520 })];
    expect(viewFindings(behind).longestBehindMs).toBe(500);
    expect(
      viewFindings([submit, start, end, read(520, "running", 2, { claims: "late" })]).longestBehindMs,
    ).toBe(0);
  });

  it("allows a finished job to be pending again when an operator requeued it", () => {
    const requeue: HistoryEvent = { e: "requeue", began: 31, at: 35, key: "k" };
    expect(viewFindings([...honest, requeue, read(40, "pending", 4)]).kinds).not.toContain("went back");
  });
});

describe("the oracle with a ledger", () => {
  it("finds nothing in a correct history", () => {
    expect(ledgerFindings(honest)).toEqual([]);
  });

  it.each<readonly [string, readonly HistoryEvent[], Partial<LedgerJob>]>([
    ["a gap in the versions", honest, { transitions: [STEPS[0]!, { ...STEPS[2]!, from: "pending" }] }],
    [
      "a transition that is not allowed",
      honest,
      { transitions: [STEPS[0]!, { ...STEPS[1]!, status: "failed" }, STEPS[2]!] },
    ],
    ["the row differs from its log", honest, { status: "failed" }],
    ["a submit was answered with two ids", [...honest, { ...submit, id: "id-2" }], {}],
    ["a status that was never committed", [...honest, read(40, "failed", 3)], {}],
    ["a status that was never committed", [...honest, read(40, "completed", 4)], {}],
    ["older than what was acknowledged", [...honest, read(40, "running", 2)], {}],
    ["older than min_version", [...honest, read(40, "running", 2, { claims: "late", minVersion: 3 })], {}],
    ["a result that differs from the ledger's", [...honest, read(40, "completed", 3, { digest: "d2" })], {}],
    ["a result that differs from the ledger's", [...honest, fromQueue(40, "completed", "d2")], {}],
    ["a status that was never committed", [...honest, fromQueue(40, "failed", null)], {}],
    [
      "shown before it was committed",
      [...honest, fromQueue(21, "completed", "d1"), read(25, "running", 2, { view: "row" })],
      {},
    ],
    [
      "a view differs after the repair",
      [...honest, read(95, "running", 2, { final: true, claims: "late" })],
      {},
    ],
    ["an attempt ran twice", [...honest, { ...start, at: 50 }], {}],
    ["an attempt ran without a grant", [...honest, { ...start, attempt: 2 }], {}],
    ["completed without a handler", honest.filter((event) => event.e !== "end"), {}],
    ["a result that differs from the returned one", honest, { digest: "d9" }],
    [
      "the stream skipped a version",
      honest.filter((event) => event.e !== "stream" || event.version !== 3),
      {},
    ],
  ])("finds the planted fault: %s", (kind, events, more) => {
    expect(ledgerFindings(events, { ...honestJob, ...more })).toContain(kind);
  });

  it("reports an accepted job that is not in the ledger", () => {
    expect(ledgerFindings([submit], null)).toEqual(["an accepted job is missing"]);
  });

  it("finds a result that a living process dropped, and ignores one whose process was killed", () => {
    const retried: LedgerJob = {
      ...honestJob,
      attempt: 2,
      version: 5,
      digest: "d2",
      transitions: [
        ...STEPS.slice(0, 2),
        { version: 3, from: "running", status: "pending", attempt: 1 },
        { version: 4, from: "pending", status: "running", attempt: 2 },
        { version: 5, from: "running", status: "completed", attempt: 2 },
      ],
    };
    const second: HistoryEvent = { ...end, at: 60, attempt: 2, digest: "d2", process: "w2" };
    const beats = (seconds: readonly number[], disk = true): HistoryEvent[] =>
      seconds.map((second) => ({ e: "alive", at: second * 1_000, process: "w", disk }));
    const alive = beats([1, 2, 3]);
    const starts = [start, { ...start, attempt: 2, at: 50 }];
    expect(ledgerFindings([submit, ...starts, end, second], retried)).toEqual([]);
    expect(ledgerFindings([submit, ...starts, end, second, ...alive], retried)).toEqual([
      "a result was dropped",
    ]);
    // Stopped for a minute and then killed: it never had the time.
    expect(ledgerFindings([submit, ...starts, end, second, ...beats([1, 61])], retried)).toEqual([]);
    // The disk accepted nothing while it lived, and then it was killed.
    const full = beats([1, 2, 3, 4], false);
    expect(ledgerFindings([submit, ...starts, end, second, ...full], retried)).toEqual([]);
    expect(ledgerFindings([submit, ...starts, end, second, ...full, ...beats([5, 6, 7])], retried)).toEqual([
      "a result was dropped",
    ]);
    const kept = { ...retried, late: [{ attempt: 1, digest: "d1" }] };
    expect(ledgerFindings([submit, ...starts, end, second, ...alive], kept)).toEqual([]);
  });
});
