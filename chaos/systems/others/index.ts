import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../tests/servers/server-process.js";
import { Child, type Role } from "../../faults/child.js";
import type { HistoryEvent, Shown } from "../../history/events.js";
import { digestOf } from "../../history/recorder.js";
import { getJson } from "../lockstep/views.js";
import type { OpenSystem, System, SystemOptions } from "../system.js";
import type { Answer, Servers } from "./design.js";
import { DESIGNS } from "./designs.js";

const PROGRAM = fileURLToPath(new URL("./program.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");
const CONCURRENCY = 20;

/**
 * Another system: API processes and two workers, run by the same program and judged by the same
 * oracle.
 */
export async function otherSystem(design: string): Promise<System> {
  const load = DESIGNS[design];
  if (!load) throw new Error(`there is no design ${design}`);
  const { name, version, apiProcesses, prepare, openViews } = await load();
  return {
    name,
    version,
    async open(options) {
      const { place } = options;
      const direct = serversOf(place.databaseUrl, place.redisUrl, options);
      await prepare(direct);
      const ports: number[] = [];
      while (ports.length < apiProcesses) ports.push(await freePort());
      const children = [
        ...ports.map((port, index) => child(design, options, "api", index + 1, port)),
        ...[1, 2].map((number) => child(design, options, "worker", number, 0)),
      ];
      await Promise.all(children.map((each) => each.start()));
      const observed = await openViews(direct);
      return openSystem(ports, children, observed);
    },
  };
}

function openSystem(
  ports: readonly number[],
  children: readonly Child[],
  observed: Awaited<ReturnType<Awaited<ReturnType<(typeof DESIGNS)[string]>>["openViews"]>>,
): OpenSystem {
  let turn = 0;
  const api = () => `http://127.0.0.1:${ports[turn++ % ports.length]}`;
  const views: Record<string, (key: string) => Promise<Answer>> = {
    api: async (key) => {
      const { status, body } = await getJson(`${api()}/status/${key}`);
      if (status !== 200) throw new Error(`HTTP ${status}`);
      return body as unknown as Answer;
    },
    ...observed.views,
  };
  return {
    children,
    views: Object.keys(views),
    viewsWithMinVersion: [],
    crashPoints: [],
    async submit(works) {
      const { status } = await getJson(`${api()}/jobs`, "POST", works);
      if (status !== 200) throw new Error(`HTTP ${status}`);
      return works.map(({ key }) => ({ key, id: key, version: null }));
    },
    async read(view, key) {
      const answer = await views[view]?.(key);
      return answer ? [{ ...shownOf(answer), key }] : [];
    },
    async close() {
      await Promise.all(children.map((each) => each.stop()));
      await observed.close().catch(() => undefined);
    },
  };
}

function shownOf({ status, output }: Answer): Shown {
  const shows = status === "completed" && output !== undefined && output !== null;
  return { status, version: null, digest: shows ? digestOf(output) : null, claims: "now" };
}

function serversOf(databaseUrl: string, redisUrl: string, { leaseSeconds }: SystemOptions): Servers {
  return { databaseUrl, redisUrl, leaseSeconds, concurrency: CONCURRENCY };
}

function child(design: string, options: SystemOptions, role: Role, number: number, port: number): Child {
  const { place, recorder } = options;
  const { apiDatabase, workerDatabase, redis } = place.wires;
  const name = `${role}-${number}`;
  const servers = serversOf(role === "api" ? apiDatabase.url : workerDatabase.url, redis.url, options);
  return new Child({
    role,
    name,
    logFile: join(place.folder, `${name}.log`),
    args: () => ["--import", TSX, PROGRAM, JSON.stringify({ design, role, port, ...servers })],
    onLine: (line, incarnation) => recorder.add({ ...line, process: incarnation } as unknown as HistoryEvent),
  });
}
