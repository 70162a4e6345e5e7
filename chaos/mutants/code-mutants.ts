/** One guard removed from the code, in a copy of the tree, and the tests that must then fail. */
export interface CodeMutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

const PROPERTIES = "packages/lockstep/test/ledger/properties.test.ts";
const FUNCTIONS = "packages/lockstep/src/ledger/functions";
const turn = (name: string, from: string, to: string): CodeMutant => ({
  name,
  file: `${FUNCTIONS}/turn.sql`,
  from,
  to,
  test: PROPERTIES,
});
const ending = (name: string, from: string, to: string): CodeMutant => ({
  name,
  file: `${FUNCTIONS}/end_attempt.sql`,
  from,
  to,
  test: PROPERTIES,
});

export const CODE_MUTANTS: readonly CodeMutant[] = [
  turn("a settlement without its attempt", "        and j.attempt = s.attempt\n", ""),
  {
    ...turn(
      "a settlement without its claim",
      "        and (s.claim_token is null or j.claim_token = s.claim_token)\n",
      "",
    ),
    test: "packages/lockstep/test/ledger/claims.test.ts",
  },
  turn("a settlement without its status", "(j.status = 'running' or (", "(true or ("),
  turn("a late result for any reason", " and j.reason in ('lost', 'timeout', 'released')", ""),
  turn(
    "a claim that keeps the attempt",
    "attempt = j.attempt + 1,\n        worker_id = for_worker",
    "attempt = j.attempt,\n        worker_id = for_worker",
  ),
  ending("a failure that is not counted", "    failed := 1;", "    failed := 0;"),
  ending(
    "a release that costs a failure",
    "    reason := 'released';",
    "    reason := 'released';\n    failed := 1;",
  ),
  ending(
    "a cancel request that is forgotten",
    "if job.cancel_requested_at is not null then",
    "if false then",
  ),
  ending("a loss that is not counted", "    lost := 1;", "    lost := 0;"),
  {
    name: "a sweep without the heartbeat",
    file: "packages/lockstep/src/ledger/sql/sweep_lost.sql",
    from: "else w.heartbeat_at not between",
    to: "else 'infinity'::timestamptz not between",
    test: PROPERTIES,
  },
  {
    name: "a requeue without a fresh budget",
    file: "packages/lockstep/src/ledger/sql/requeue.sql",
    from: "  failures = 0,\n",
    to: "",
    test: PROPERTIES,
  },
  {
    name: "progress without the fence",
    file: "packages/lockstep/src/ledger/sql/report.sql",
    from: "j.attempt = w.a and j.worker_id = $1",
    to: "true",
    test: "packages/lockstep/test/ledger/attempts.test.ts",
  },
  {
    name: "a grace period that is over at once",
    file: "packages/lockstep/src/ledger/maintenance.ts",
    from: "return clock.now - clock.steadySince >= reclaimGraceMs",
    to: "return clock.now - clock.steadySince >= reclaimGraceMs - reclaimGraceMs",
    test: "packages/lockstep/src/ledger/clock-watch.test.ts",
  },
  {
    name: "a copy that goes back to an older version",
    file: "packages/lockstep/src/redis/scripts/apply.lua",
    from: "tonumber(found) >= tonumber(version)",
    to: "false",
    test: "packages/lockstep/test/redis/projection.test.ts",
  },
  {
    name: "a cancel without the operator's version",
    file: "packages/lockstep/src/ledger/sql/cancel_pending.sql",
    from: "  and j.version = coalesce($3::integer, j.version)\n",
    to: "",
    test: "packages/lockstep/test/ledger/change.test.ts",
  },
  {
    name: "a requeue without the operator's version",
    file: "packages/lockstep/src/ledger/sql/requeue.sql",
    from: "  and version = $3\n",
    to: "  and ($3::integer is null or true)\n",
    test: "packages/lockstep/test/ledger/change.test.ts",
  },
  {
    name: "a claim by id that keeps the attempt",
    file: "packages/lockstep/src/ledger/sql/claim_job.sql",
    from: "attempt = j.attempt + 1,",
    to: "attempt = j.attempt,",
    test: "packages/lockstep/test/ledger/claim-by-id.test.ts",
  },
  {
    name: "a finished result that counts as recorded because its attempt was given up",
    file: "packages/lockstep/src/ledger/sql/classify_settlements.sql",
    from: "and (s.t <> 'completed' or t.status = 'completed')",
    to: "",
    test: "packages/lockstep/test/ledger/settle.test.ts",
  },
  {
    name: "a late result that is dropped",
    file: "packages/lockstep/src/ledger/turn.ts",
    from: "if (late.length > 0) {",
    to: "if (late.length > 1_000) {",
    test: "packages/lockstep/test/ledger/settle.test.ts",
  },
  {
    name: "a feed position without open transactions",
    file: "packages/lockstep/src/ledger/feed-position.ts",
    from: 'list === "" ? [] : list.split(",")',
    to: "list === null ? [list] : []",
    test: "packages/lockstep/test/ledger/feed.test.ts",
  },
  {
    name: "a feed position from a future that was rolled back",
    file: "packages/lockstep/src/ledger/feed-position.ts",
    from: " || isAhead(position.base, current.snapshot)",
    to: "",
    test: "packages/lockstep/test/ledger/feed.test.ts",
  },
  {
    name: "a clock set back without notice",
    file: "packages/lockstep/src/ledger/clock-watch.ts",
    from: "Math.abs(reading.now - before.now - elapsedMs)",
    to: "reading.now - before.now - elapsedMs",
    test: "packages/lockstep/src/ledger/clock-watch.test.ts",
  },
  {
    name: "a deadline that is judged by a clock that was set",
    file: "packages/lockstep/src/ledger/sql/sweep_overdue.sql",
    from: "greatest(j.started_at, to_timestamp($3::double precision / 1000))",
    to: "least(j.started_at, to_timestamp($3::double precision / 1000))",
    test: "packages/lockstep/test/ledger/sweep.test.ts",
  },
  {
    name: "a feed that stays bound to the cluster it was restored from",
    file: "packages/lockstep/src/ledger/sql/feed_now.sql",
    from: "coalesce(f.cluster = lockstep.cluster_identity(), false)",
    to: "f.cluster is not null or f.cluster is null",
    test: "packages/lockstep/test/redis/restore.test.ts",
  },
  {
    name: "an outcome without a record in the ledger that is dropped",
    file: "packages/lockstep/src/worker/unrecorded.ts",
    from: 'return outcome.type === "completed" || outcome.type === "failed"',
    to: 'return outcome.type === "failed"',
    test: "packages/lockstep/test/worker/spool.test.ts",
  },
  {
    name: "a spool whose records are not checked",
    file: "packages/lockstep/src/worker/spool-codec.ts",
    from: "crc32(body) !== bytes.readUInt32BE(offset + 4)",
    to: "crc32(body) === -1",
    test: "packages/lockstep/src/worker/spool-codec.test.ts",
  },
  {
    name: "two outcomes of one job in flight at once",
    file: "packages/lockstep/src/worker/unsettled-outcomes.ts",
    from: "else if (!queue) this.#ready.push(unsettled);",
    to: "else this.#ready.push(unsettled);",
    test: "packages/lockstep/src/worker/unsettled-outcomes.test.ts",
  },
  {
    name: "outcomes that are not spooled in an outage",
    file: "packages/lockstep/src/worker/spool-guard.ts",
    from: "turnsFail() ? 0 : UNSETTLED_MS_MAX",
    to: "turnsFail() ? 1e9 : 1e9",
    test: "packages/lockstep/test/worker/outage.test.ts",
  },
  {
    name: "BullMQ completes an entry whose job is running",
    file: "packages/bullmq/src/reply.ts",
    from: 'if (job.status === "completed") return',
    to: 'if (job.status === "completed" || job.status === "running") return',
    test: "packages/bullmq/src/reply.test.ts",
  },
];
