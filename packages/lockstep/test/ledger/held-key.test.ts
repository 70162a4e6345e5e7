import pg from "pg";
import { afterEach, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { type Bench, openBench } from "./engines.js";

/** More than the connections of a pool. */
const BLOCKED = 25;
const BESIDE = 30;
/** A submit that has to wait for a held key takes 2 s; an idle machine needs 20 ms for these. */
const BESIDE_MS_MAX = 1_000;
const WAITING =
  "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

const clients: pg.Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
});

/** A transaction of the application that has submitted with a key and does not end. */
async function holdKey({ ledger, url }: Bench, keys: { idempotency_key?: string; unique_key?: string }) {
  const client = new pg.Client({ connectionString: url ?? "" });
  clients.push(client);
  await client.connect();
  await client.query("begin");
  await ledger.submit({ kind: "noop", input: {}, ...keys }, { tx: client });
  return client;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

it.each([
  ["an idempotency key", { idempotency_key: "held" }],
  ["a unique key", { unique_key: "held" }],
])(
  "a transaction that holds %s delays nobody but the submits with that key, which fail alone",
  async (_name, keys) => {
    const bench = await openBench("postgres");
    const { ledger } = bench;
    const submit = (more: object) => ledger.submit({ kind: "noop", input: {}, ...more });
    // Connections are opened and statements are planned before anything is timed.
    await Promise.all(Array.from({ length: BESIDE }, (_, n) => submit({ idempotency_key: `before ${n}` })));
    await Promise.all(Array.from({ length: BESIDE }, () => submit({})));
    const holder = await holdKey(bench, keys);
    const blocked = Array.from({ length: BLOCKED }, () => submit(keys).catch((error: unknown) => error));
    await waitFor(async () => (await bench.database.query(WAITING)).rows.length > 0, {
      what: "a submit to wait for the key",
    });
    const beside = await Promise.all(
      Array.from({ length: BESIDE }, (_, n) =>
        timed(() => submit(n % 2 === 0 ? {} : { idempotency_key: `beside ${n}`, unique_key: `beside ${n}` })),
      ),
    );
    expect(Math.max(...beside)).toBeLessThan(BESIDE_MS_MAX);
    for (const error of await Promise.all(blocked))
      expect(error).toMatchObject({ code: "KEY_IN_USE", retryAfterSeconds: 1 });
    await holder.query("commit");
    const again = await submit(keys);
    expect(again.deduplicated).not.toBeNull();
  },
);

it("submits with one key take turns, and all lead to the same job", async () => {
  const { ledger } = await openBench("postgres");
  const request = { kind: "noop", input: {}, idempotency_key: "the same" };
  const answers = await Promise.all(Array.from({ length: 40 }, () => ledger.submit(request)));
  expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1);
  expect(answers.filter(({ deduplicated }) => deduplicated === null)).toHaveLength(1);
});
