/**
 * Opens Lockstep's own stores for the doctor on the command line: the ledger and its copies, where
 * no server runs in this process. It reads them as they are and applies no migrations, because a
 * check changes nothing.
 */

import type { LedgerAddress, LockstepLedger, LockstepStores } from "@lockstep/doctor";
import { type Database, openDatabase, sqlState } from "lockstep/internal/database";
import { LockstepError } from "lockstep/internal/errors";
import type { Copies } from "lockstep/internal/job";
import { type OpenLedger, openLedger } from "lockstep/internal/ledger";
import { connectRedis, createCopies, type RedisConnection } from "lockstep/internal/redis";
import type { Logger } from "pino";

const UNDEFINED_TABLE = "42P01";
const CONNECT_MS_MAX = 5_000;

interface Opened {
  readonly database: Database;
  readonly ledger: OpenLedger;
}

/**
 * @param dataDir absolute folder of the embedded database, for a ledger without an address
 * @param schema of a ledger that does not name its own
 */
export function openLockstepStores({
  dataDir,
  schema: schemaDefault,
  logger,
}: {
  readonly dataDir: string;
  readonly schema: string;
  readonly logger: Logger;
}): LockstepStores {
  const ledgers = new Map<string, Promise<Opened>>();
  const connections = new Map<string, RedisConnection>();
  const opened = ({ databaseUrl: url, schema = schemaDefault }: LedgerAddress) =>
    once(ledgers, JSON.stringify([url, schema]), async () => {
      const database = await openDatabase({ ...(url === null ? { dataDir } : { url }), schema });
      return { database, ledger: openLedger(database) };
    });
  const connected = async (url: string): Promise<RedisConnection> => {
    const connection = once(connections, url, () => connectRedis({ url, logger }));
    if (await connection.untilUp(CONNECT_MS_MAX)) return connection;
    throw new LockstepError("VIEW_UNREADABLE", "Redis does not answer");
  };
  return {
    ledger: (address) => lazyLedger(address.schema ?? schemaDefault, () => opened(address)),
    copies: ({ redisUrl, prefix, ledger }) =>
      lazyCopies(async () => {
        const redis = await connected(redisUrl);
        const { projection } = (await opened(ledger)).ledger;
        return createCopies({ redis, prefix, projection });
      }),
    writes: (address) => {
      const writes = async () => (await opened(address)).ledger.doctorWrites;
      return {
        begin: async (write) => await (await writes()).begin(write),
        end: async (id, outcome) => await (await writes()).end(id, outcome),
        list: async (options) => await (await writes()).list(options),
      };
    },
    async close() {
      await Promise.allSettled([...connections.values()].map((connection) => connection.close()));
      for (const one of await Promise.allSettled(ledgers.values()))
        if (one.status === "fulfilled") {
          await one.value.ledger.close();
          await one.value.database.close();
        }
    },
  };
}

function once<T>(known: Map<string, T>, key: string, open: () => T): T {
  const value = known.get(key) ?? open();
  known.set(key, value);
  return value;
}

/** @throws LockstepError VIEW_MISMATCH from each call when the database has no such schema */
function lazyLedger(schema: string, opened: () => Promise<Opened>): LockstepLedger {
  const ask = async <T>(work: (ledger: OpenLedger) => Promise<T>): Promise<T> => {
    try {
      return await work((await opened()).ledger);
    } catch (cause) {
      if (sqlState(cause) !== UNDEFINED_TABLE) throw cause;
      const message = `this database has no Lockstep ledger in the schema ${schema}; lockstep migrate creates one`;
      throw new LockstepError("VIEW_MISMATCH", message, { cause });
    }
  };
  return {
    get: (id) => ask((ledger) => ledger.get(id)),
    list: (filter) => ask((ledger) => ledger.list(filter)),
  };
}

function lazyCopies(open: () => Promise<Copies>): Copies {
  return {
    phase: async () => await (await open()).phase(),
    read: async (ids) => await (await open()).read(ids),
    outcomes: async (ids) => await (await open()).outcomes(ids),
    ttlMs: async (id) => await (await open()).ttlMs(id),
    render: async (id) => await (await open()).render(id),
    swap: async (id, seen, next) => await (await open()).swap(id, seen, next),
  };
}
