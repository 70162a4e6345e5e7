import autocannon from "autocannon";
import { startPostgres } from "../../tests/servers/postgres.js";
import { submitInBatches } from "../ledger/load.js";
import { openSubject } from "../ledger/subject.js";
import { type Figures, medians, printFigures } from "../report.js";
import { startServerChild } from "./server-child.js";

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 2;

export interface ReadsOptions {
  readonly jobs: number;
  readonly rounds: number;
  readonly seconds: number;
}

/**
 * Status reads of random ids over HTTP, compared with the same framework answering a constant of
 * equal size, in interleaved rounds.
 */
export async function benchReads({ jobs, rounds, seconds }: ReadsOptions): Promise<void> {
  const postgres = await startPostgres({ settings: { shared_buffers: "1GB", max_wal_size: "8GB" } });
  const subject = await openSubject("postgres", postgres);
  try {
    await submitInBatches(subject, jobs);
    const { rows } = await subject.database.query<{ id: string }>("select id from lockstep.jobs");
    const ids = rows.map((row) => row.id);
    await subject.database.query("vacuum analyze jobs");
    const places = { databaseUrl: subject.url ?? "", redisUrl: null, dataDir: subject.dataDir };
    const first = await startServerChild({ ...places, constant: "" });
    const constant = await (await fetch(`${first.url}/api/status/${ids[0]}`)).text();
    await first.stop();
    const server = await startServerChild({ ...places, constant });
    const read = (address: string, duration: number) => fire(address, ids, duration);
    const measured: Figures[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.error(`round ${round} of ${rounds}: ${CONNECTIONS} connections, ${seconds} s each`);
      for (const address of [
        `${server.constantUrl}/constant`,
        `${server.constantUrl}/read`,
        `${server.url}/api/status`,
      ])
        await read(address, WARM_UP_SECONDS);
      const bare = await read(`${server.constantUrl}/constant`, seconds);
      const row = await read(`${server.constantUrl}/read`, seconds);
      const live = await read(`${server.url}/health/live?`, seconds);
      const status = await read(`${server.url}/api/status`, seconds);
      measured.push({
        "constant/s, bare Fastify": bare.perSecond,
        "constant/s, the server's own Fastify (GET /health/live)": live.perSecond,
        "the row alone read by the bare Fastify, a second": row.perSecond,
        "  of the bare constant": row.perSecond / bare.perSecond,
        "GET /api/status/:id a second": status.perSecond,
        "  of the bare Fastify's constant": status.perSecond / bare.perSecond,
        "  of the server's own constant": status.perSecond / live.perSecond,
        "bytes of an answer": constant.length,
        "constant p99 ms": bare.p99Ms,
        "status p99 ms": status.p99Ms,
      });
    }
    await server.stop();
    printFigures({ reads: medians(measured) }, rounds);
  } finally {
    await subject.close();
    await postgres.remove();
  }
}

async function fire(address: string, ids: readonly string[], seconds: number) {
  const { pathname, origin, search } = new URL(address);
  const result = await autocannon({
    url: origin,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: "GET",
        setupRequest: (request) => ({
          ...request,
          path: address.endsWith("?")
            ? `${pathname}${search}`
            : `${pathname}/${ids[Math.floor(Math.random() * ids.length)]}`,
        }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers of ${address} were no 2xx, ${result.errors} requests failed`);
  return { perSecond: result.requests.total / result.duration, p99Ms: result.latency.p99 };
}
