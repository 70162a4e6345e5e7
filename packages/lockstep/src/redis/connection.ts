import { createRequire } from "node:module";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { Redis, RedisOptions } from "ioredis";
import type { Logger } from "pino";
import { LockstepError } from "../errors.js";
import { RedisHealth } from "./health.js";
import { Subscriptions } from "./subscriptions.js";

const CONNECT_MS_MAX = 5_000;
/** For commands on which more depends than one caller's patience. */
const COMMAND_MS_MAX = 1_000;
/**
 * Without an answer for this long the connection is closed: the other end may be gone without
 * notice.
 */
const SILENCE_MS_MAX = 5_000;
const RECONNECT_MS_MIN = 50;
const RECONNECT_MS_MAX = 3_000;

type ClientOptions = Omit<RedisOptions, "replyMapping">;

export interface RedisConnectOptions {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string;
  /**
   * The certificate authority that signed the server's certificate, as PEM. Default: those that
   * Node trusts.
   */
  readonly ca?: string;
  readonly logger?: Logger;
}

/**
 * Redis, which may be down at any time: opening never fails, every command has a time limit,
 * nothing is queued while it is down and nothing is sent twice. There are three connections, so
 * that no user waits behind another's work.
 */
export interface RedisConnection {
  /** Whether it answered within the last seconds. */
  readonly isUp: boolean;
  /** RFC 3339: since when it has been down, by this machine's clock; null while it is up. */
  readonly downSince: string | null;
  /** @returns whether it came up in time */
  untilUp(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** For short reads and messages. */
  readonly quick: Redis;
  /** For the projector's pipelines; opened on first use. */
  readonly bulk: Redis;
  /**
   * How often `bulk` was connected: another number means another connection, perhaps to another
   * server.
   */
  readonly bulkSession: number;
  /** @param onMessage receives null each time messages may have been missed */
  listen(channel: string, onMessage: (message: string | null) => void): () => void;
  close(): Promise<void>;
}

/**
 * The optional client. It is loaded with `require`, at the first call: an `import` would be moved
 * to the start of a program by a bundler, and would end one that does not use Redis.
 * @throws LockstepError INVALID_CONFIG when it is not installed
 */
export function redisClient(): typeof import("ioredis") {
  try {
    return createRequire(import.meta.url)("ioredis") as typeof import("ioredis");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw cause;
    throw new LockstepError(
      "INVALID_CONFIG",
      "A redisUrl is set, and the Redis client is not installed. Run: npm install ioredis",
      { cause },
    );
  }
}

/** Opens the connections. They connect, and reconnect, in the background. */
export function connectRedis({ url, ca, logger }: RedisConnectOptions): RedisConnection {
  const { Redis } = redisClient();
  const options = redisOptions(url, ca);
  const quick = new Redis({ ...options, commandTimeout: COMMAND_MS_MAX });
  const health = new RedisHealth(quick, logger);
  const opened: Redis[] = [quick];
  const open = (extra: ClientOptions): Redis => {
    const client = new Redis({ ...options, ...extra });
    // Each connection reports its errors; the health of the first connection shows what they mean.
    client.on("error", () => undefined);
    opened.push(client);
    return client;
  };
  let bulk: Redis | null = null;
  let bulkSession = 0;
  let subscriptions: Subscriptions | null = null;

  return {
    quick,
    get isUp() {
      return health.isUp;
    },
    get downSince() {
      return health.downSince;
    },
    untilUp: (timeoutMs, signal) => health.untilUp(timeoutMs, signal),
    get bulk() {
      bulk ??= open({ socketTimeout: SILENCE_MS_MAX }).on("ready", () => {
        bulkSession++;
      });
      return bulk;
    },
    get bulkSession() {
      return bulkSession;
    },
    listen(channel, onMessage) {
      subscriptions ??= new Subscriptions(open({ autoResubscribe: false, commandTimeout: COMMAND_MS_MAX }));
      return subscriptions.add(channel, onMessage);
    },
    async close() {
      health.close();
      for (const client of opened) client.disconnect();
    },
  };
}

function redisOptions(text: string, ca: string | undefined): ClientOptions {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const database = Number(url.pathname.slice(1));
  return {
    host: host === "" ? "127.0.0.1" : host,
    port: url.port === "" ? 6379 : Number(url.port),
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(Number.isInteger(database) && database > 0 ? { db: database } : {}),
    ...(url.protocol === "rediss:" ? { tls: tlsOptions(host, ca) } : {}),
    connectionName: "lockstep",
    connectTimeout: CONNECT_MS_MAX,
    enableOfflineQueue: false,
    // A command may have been executed before its connection broke. Sent again it could undo later
    // commands.
    autoResendUnfulfilledCommands: false,
    // With 0 they are rejected when the connection breaks; with null they would wait forever.
    maxRetriesPerRequest: 0,
    retryStrategy: reconnectDelayMs,
    // A primary that became a replica rejects writes: look for the new one.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
}

function tlsOptions(host: string, ca: string | undefined): ConnectionOptions {
  // The name for servers that have several certificates; an IP address is not allowed there (RFC
  // 6066).
  return { ...(isIP(host) ? {} : { servername: host }), ...(ca === undefined ? {} : { ca }) };
}

/**
 * @returns milliseconds to wait before the next attempt: doubling, capped, with jitter so that
 *   processes do not all return at once
 */
function reconnectDelayMs(attempt: number): number {
  const capped = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** Math.min(attempt, 10));
  return Math.round(capped * (0.5 + Math.random() / 2));
}
