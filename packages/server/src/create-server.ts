import type { AddressInfo } from "node:net";
import { DatabaseUnavailableError, LockstepError } from "lockstep/internal/errors";
import { createSchedules } from "lockstep/internal/schedules";
import { once } from "lockstep/internal/timing";
import { buildApp } from "./app.js";
import type { App } from "./app-type.js";
import { createAuth } from "./auth.js";
import { createDatabaseHealth } from "./database-health.js";
import { EventHub } from "./events/index.js";
import { type HostGuard, isLoopback, urlHost } from "./host-guard.js";
import { createJobReader } from "./job-reader.js";
import { createKinds } from "./kind-catalog/index.js";
import { createLongWaits } from "./long-waits.js";
import { createRedisHealth } from "./redis-health.js";
import type { ServerContext, ServerOptions } from "./server-context.js";

const HELD_REQUESTS_MAX = 2_000;
/**
 * Connections that may wait to be accepted: a page with many tabs, or a burst of status reads,
 * arrives all at once.
 */
const BACKLOG = 4_096;
/** How long running requests may take to finish when the server closes. */
const CLOSE_MS = 10_000;
const CUT_MS = 50;

export interface RunningServer {
  /** Such as `http://127.0.0.1:5000`. */
  readonly url: string;
  /**
   * Stops accepting, ends streams and waits, and lets requests finish for at most ten seconds. May
   * be called twice.
   */
  close(): Promise<void>;
}

/**
 * Starts the HTTP server and returns once it listens. The database may be down: `/health/ready`
 * reports that.
 * @throws PUBLIC_WITHOUT_KEY when the address is not loopback and no API key is active
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const loopback = isLoopback(options.host);
  if (!loopback && !(await mayHaveKey(options.keys))) {
    const message = `Listening on ${options.host} needs an API key: lockstep keys create --role admin`;
    throw new LockstepError("PUBLIC_WITHOUT_KEY", message);
  }
  let guard: HostGuard = {
    port: options.port,
    allowedHosts: (options.allowedHosts ?? []).map((host) => host.toLowerCase()),
  };
  const context: ServerContext = {
    ...options,
    kinds: createKinds(options),
    auth: createAuth({ keys: options.keys, loopback, guard: () => guard }),
    waits: createLongWaits({ heldMax: HELD_REQUESTS_MAX }),
    events: new EventHub(options.ledger),
    jobs: createJobReader(options.ledger, options.cache),
    schedules: createSchedules(options.ledger.schedules),
    health: createDatabaseHealth(options.ledger),
    redisHealth: options.redis ? createRedisHealth(options.redis, options.ledger.clock) : null,
  };
  const closing = { begun: false };
  const app = await buildApp(context, options, closing);
  // While the database is away, the first request that reaches it does this.
  const recorded = context.kinds.record().catch(() => undefined);
  const requests = countRequests(app);
  await listen(app, options);
  const { port } = app.server.address() as AddressInfo;
  guard = { ...guard, port };
  const closeOnce = once(async () => {
    await close(app, context, requests);
    await recorded;
  });
  return {
    url: `http://${urlHost(options.host)}:${port}`,
    close() {
      closing.begun = true;
      return closeOnce();
    },
  };
}

/**
 * While the database is away this is not known, and nobody gets in without a key that it confirms.
 */
async function mayHaveKey(keys: ServerOptions["keys"]): Promise<boolean> {
  try {
    return (await keys.any()).active;
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return true;
    throw error;
  }
}

/**
 * `localhost` would listen twice, on both address families, and we could close only the first
 * listener.
 */
async function listen(app: App, { host, port }: ServerOptions): Promise<void> {
  try {
    await app.listen({ host: host === "localhost" ? "127.0.0.1" : host, port, backlog: BACKLOG });
  } catch (error) {
    await app.close();
    throw error;
  }
}

/**
 * Idle connections are closed repeatedly until the server has closed. The framework closes those
 * that have served a request, but it would wait for those that a browser opened in advance.
 */
async function close(
  app: App,
  { waits, events }: ServerContext,
  requests: { readonly underWay: number },
): Promise<void> {
  const giveUpAt = performance.now() + CLOSE_MS;
  const cut = setInterval(() => {
    if (requests.underWay === 0 || performance.now() > giveUpAt) app.server.closeAllConnections();
  }, CUT_MS);
  try {
    waits.close();
    await Promise.all([events.close(), app.close()]);
  } finally {
    clearInterval(cut);
  }
}

/**
 * Counts the requests without a complete response. Only a number: a set of requests would be older
 * than they are and keep each alive over a garbage collection, which took a sixth of the time of a
 * status read.
 */
function countRequests(app: App): { readonly underWay: number } {
  const requests = { underWay: 0 };
  const ended = () => {
    requests.underWay -= 1;
  };
  app.server.on("request", (_request, response) => {
    requests.underWay += 1;
    response.on("close", ended);
  });
  return requests;
}
