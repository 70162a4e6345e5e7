import pg from "pg";
import type { DatabaseUnavailableError } from "../errors.js";
import { POOL_BUSY } from "./unavailable-cause.js";

/** Between two attempts to connect while connections are refused; shortened at random. */
const ATTEMPT_MS_MIN = 100;
const ATTEMPT_MS_MAX = 1_000;

interface PoolOptions {
  readonly config: pg.ClientConfig;
  readonly max: number;
  /** Called with each new connection before it is used. */
  check(client: pg.ClientBase): Promise<void>;
  /** The error for a refused connection. */
  refusal(error: unknown): DatabaseUnavailableError;
  onRefused(error: DatabaseUnavailableError): void;
  onTaken(): void;
}

export interface CheckedPool {
  /** @throws DatabaseUnavailableError */
  take(): Promise<pg.PoolClient>;
  /** May be called twice. */
  end(): Promise<void>;
}

/**
 * A pool of checked connections. After a refusal there is one attempt at a time, with a pause in
 * between. Meanwhile other calls fail at once with the same cause, so that an outage costs neither
 * the server a storm of connections nor each caller a timeout.
 */
export function openPool(options: PoolOptions): CheckedPool {
  const { config, max, check } = options;
  const pool = new pg.Pool({
    ...config,
    Client: clientOf(config),
    max,
    idleTimeoutMillis: 30_000,
    onConnect: (client) => check(client),
  });
  // An idle connection that the server closes. The pool has removed it already, and the next
  // statement opens another.
  pool.on("error", () => undefined);
  let refused: { readonly cause: unknown; readonly waitMs: number; readonly nextAt: number } | null = null;
  let isTrying = false;

  const attempt = async (): Promise<pg.PoolClient> => {
    try {
      const client = await pool.connect();
      refused = null;
      options.onTaken();
      return client;
    } catch (cause) {
      const error = options.refusal(cause);
      // Not a refusal: no connection became free.
      if (cause instanceof Error && cause.message === POOL_BUSY) throw error;
      const waitMs = Math.min(ATTEMPT_MS_MAX, refused === null ? ATTEMPT_MS_MIN : refused.waitMs * 2);
      refused = { cause, waitMs, nextAt: performance.now() + waitMs * (0.5 + Math.random() / 2) };
      options.onRefused(error);
      throw error;
    }
  };
  return {
    async take() {
      if (refused === null || pool.idleCount > 0) return await attempt();
      if (isTrying || performance.now() < refused.nextAt) throw options.refusal(refused.cause);
      isTrying = true;
      try {
        return await attempt();
      } finally {
        isTrying = false;
      }
    },
    async end() {
      if (!pool.ended && !pool.ending) await pool.end();
    },
  };
}

/**
 * The driver leaves the socket of a refused connection open when it has no password to send. The
 * server would wait for a minute, and meanwhile could not drop any database.
 */
function clientOf(config: pg.ClientConfig): new () => pg.Client {
  function Client(): pg.Client {
    const client = new pg.Client(config);
    const connect = client.connect.bind(client) as (connected: (error: Error | null) => void) => void;
    const connectOrEnd = (connected: (error: Error | null) => void): void =>
      connect((error) => {
        if (error) void client.end().catch(() => undefined);
        connected(error);
      });
    return Object.assign(client, { connect: connectOrEnd });
  }
  return Client as unknown as new () => pg.Client;
}
