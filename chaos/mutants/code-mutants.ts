/** One guard taken out of the code, in a copy of the tree, and the tests that must then fail. */
export interface CodeMutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

const PROPERTIES = "test/ledger/properties.test.ts";
const turn = (name: string, from: string, to: string): CodeMutant => ({
  name,
  file: "src/ledger/sql/turn.sql",
  from,
  to,
  test: PROPERTIES,
});

export const CODE_MUTANTS: readonly CodeMutant[] = [
  turn("a settlement without its attempt", "    and j.attempt = s.a\n", ""),
  turn("a settlement without its status", "j.status = 'running'\n      or (", "true\n      or ("),
  turn("a late result whatever the reason", " and j.reason in ('lost', 'timeout', 'released')", ""),
  turn(
    "a claim that keeps the attempt",
    "attempt = j.attempt + 1,\n    worker_id = $2",
    "attempt = j.attempt,\n    worker_id = $2",
  ),
  turn(
    "a failure that is not counted",
    "then j.failures else j.failures + 1 end",
    "then j.failures else j.failures end",
  ),
  turn(
    "a release that costs a failure",
    "s.t in ('completed', 'released') or j.cancel_requested_at is not null then j.failures",
    "s.t = 'completed' or j.cancel_requested_at is not null then j.failures",
  ),
  turn(
    "a cancel request that is forgotten",
    "      when j.cancel_requested_at is not null then 'cancelled'\n      when s.t = 'released' then 'pending'",
    "      when s.t = 'released' then 'pending'",
  ),
  {
    name: "a sweep without the heartbeat",
    file: "src/ledger/sql/sweep_lost.sql",
    from: "else w.heartbeat_at not between",
    to: "else 'infinity'::timestamptz not between",
    test: PROPERTIES,
  },
  {
    name: "a sweep that costs no failure",
    file: "src/ledger/sql/sweep_lost.sql",
    from: "  failures = j.failures + 1,",
    to: "  failures = j.failures,",
    test: PROPERTIES,
  },
  {
    name: "a requeue without a fresh budget",
    file: "src/ledger/sql/requeue.sql",
    from: "  failures = 0,\n",
    to: "",
    test: PROPERTIES,
  },
  {
    name: "progress without the fence",
    file: "src/ledger/sql/report.sql",
    from: "j.attempt = w.a and j.worker_id = $1",
    to: "true",
    test: "test/ledger/running.test.ts",
  },
  {
    name: "an amnesty that is over at once",
    file: "src/ledger/keeper.ts",
    from: "openAt: away ? tick.now + tick.amnestyMs : gate.openAt",
    to: "openAt: away ? tick.now : gate.openAt",
    test: "test/ledger/sweeping.test.ts",
  },
  {
    name: "a copy that goes back to an older version",
    file: "src/redis/scripts/apply.lua",
    from: "tonumber(version) >= tonumber(ARGV[2])",
    to: "false",
    test: "test/redis/projection.test.ts",
  },
];
