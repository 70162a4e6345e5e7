import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CRASH_POINTS } from "lockstep/internal/crash-point";
import { movableClock } from "../../../tests/servers/movable-clock.js";
import { freePort } from "../../../tests/servers/server-process.js";
import { Child, type CrashOrder, type Role } from "../../faults/child.js";
import type { HistoryEvent } from "../../history/events.js";
import type { Accepted, OpenSystem, System, SystemOptions, Work } from "../system.js";
import { dumpLedger, leftSpools } from "./dump.js";
import { StreamClient } from "./stream.js";
import { BRIDGED, getJson, openViews } from "./views.js";

const PROGRAM = fileURLToPath(new URL("./node.mjs", import.meta.url));
const CONCURRENCY = 20;
/** One in this many jobs goes through BullMQ. */
const BRIDGED_EVERY = 8;

/**
 * The compiled Lockstep: two servers with the projection, two workers that share a spool, two
 * BullMQ workers with the bridge.
 */
export const lockstep: System = { name: "Lockstep", version: "this commit", open };

async function open(options: SystemOptions): Promise<OpenSystem> {
  const { place, recorder } = options;
  const ids = new Map<string, string>();
  const keys = new Map<string, string>();
  const ports = [await freePort(), await freePort()];
  let turn = 0;
  const api = () => `http://127.0.0.1:${ports[turn++ % ports.length]}`;
  const children = [
    ...ports.map((port, index) => child(options, "api", index + 1, port)),
    ...[1, 2].map((number) => child(options, "worker", number, 0)),
    ...[1, 2].map((number) => child(options, "bridge", number, 0)),
  ];
  // One after the other: the first one migrates the schema.
  for (const each of children) await each.start();
  const views = openViews(place, {
    idOf: (key) => ids.get(key) ?? null,
    keyOf: (id) => keys.get(id) ?? null,
    api,
  });
  const streams = [new StreamClient("stream-1", api, recorder), new StreamClient("stream-2", api, recorder)];
  for (const stream of streams) stream.start();
  const accepted = (key: string, id: string, version: number): Accepted => {
    ids.set(key, id);
    keys.set(id, key);
    return { key, id, version };
  };
  const change = (what: "cancel" | "retry") => async (key: string) => {
    const id = ids.get(key);
    if (id) await getJson(`${api()}/api/jobs/${id}/${what}`, "POST");
  };
  return {
    children,
    views: views.names,
    viewsWithMinVersion: ["status", "job"],
    delivery: { view: "bullmq", record: "row", has: isBridged },
    crashPoints: CRASH_POINTS,
    submit: async (works) =>
      (await submit(api(), works)).map(({ key, id, version }) => accepted(key, id, version)),
    read: (view, key, minVersion) => views.read(view, key, minVersion),
    operate: { cancel: change("cancel"), requeue: change("retry") },
    countUnfinished: () => views.countUnfinished(),
    async dump() {
      await Promise.all(streams.map((stream) => stream.stop()));
      const jobs = await dumpLedger(place.databaseUrl);
      await Promise.all(children.map((each) => each.stop()));
      return { jobs, leftovers: leftSpools(join(place.folder, "data")) };
    },
    async close() {
      await Promise.all(streams.map((stream) => stream.stop()));
      await Promise.all(children.map((each) => each.stop()));
      await views.close();
    },
  };
}

function child(
  { place, recorder, leaseSeconds }: SystemOptions,
  role: Role,
  number: number,
  port: number,
): Child {
  const { apiDatabase, workerDatabase, redis } = place.wires;
  const name = `${role}-${number}`;
  const diskFile = join(place.folder, `${name}.disk`);
  return new Child({
    role,
    name,
    logFile: join(place.folder, `${name}.log`),
    clock: movableClock(join(place.folder, `${name}.clock`)),
    diskFile,
    args: (crash: CrashOrder | null) => {
      const orders = {
        role,
        databaseUrl: role === "api" ? apiDatabase.url : workerDatabase.url,
        redisUrl: redis.url,
        // Workers share a spool folder, so that living workers settle what dead ones left.
        dataDir: join(place.folder, role === "worker" ? "data" : name),
        diskFile,
        queue: BRIDGED,
        leaseSeconds,
        port,
        concurrency: CONCURRENCY,
        crash,
      };
      return [PROGRAM, JSON.stringify(orders)];
    },
    onLine: (line, incarnation) => recorder.add({ ...line, process: incarnation } as unknown as HistoryEvent),
  });
}

function isBridged(key: string): boolean {
  return Number(key.slice(key.lastIndexOf("-") + 1)) % BRIDGED_EVERY === 0;
}

async function submit(
  api: string,
  works: readonly Work[],
): Promise<{ key: string; id: string; version: number }[]> {
  const jobs = works.map((work) => ({
    ...(isBridged(work.key) ? { kind: BRIDGED, queue: BRIDGED } : { kind: "work" }),
    input: work,
    idempotency_key: work.key,
  }));
  const { status, body } = await getJson(`${api}/api/jobs/batch`, "POST", { jobs });
  if (status < 200 || status > 299) throw new Error(`HTTP ${status}`);
  const answers = body.jobs as { id: string; version: number }[];
  return answers.map(({ id, version }, index) => ({ key: works[index]?.key ?? "", id, version }));
}
