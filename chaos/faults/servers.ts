import { Redis } from "ioredis";
import pg from "pg";
import type { Place } from "../place.js";
import type { Random } from "../random.js";
import { type Fault, pause } from "./fault.js";
import type { Wire } from "./wire.js";

/** Runs one statement on the direct address. @returns its rows; none when PostgreSQL is away */
async function ask<Row extends object>({ databaseUrl }: Place, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } catch {
    return [];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function commandRedis({ redisUrl }: Place, work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(redisUrl, { maxRetriesPerRequest: 0, commandTimeout: 3_000 });
  client.on("error", () => undefined);
  await work(client).catch(() => undefined);
  client.disconnect();
}

const OTHERS = "datname = current_database() and pid <> pg_backend_pid()";

const terminate: Fault = {
  name: "pg_terminate_backend",
  weight: 8,
  group: "database",
  async run({ place }, random) {
    const share = random.pick([0.2, 0.5, 1]);
    const rows = await ask(
      place,
      `select pg_terminate_backend(pid) from pg_stat_activity where ${OTHERS} and random() < ${share}`,
    );
    return `${rows.length} sessions`;
  },
};

const ambiguous: Fault = {
  name: "pg_terminate_backend while statements run and commits wait",
  weight: 8,
  group: "database",
  async run({ place }, random) {
    const times = random.whole(3, 10);
    let ended = 0;
    for (let time = 0; time < times; time++) {
      const rows = await ask(
        place,
        `select pg_terminate_backend(pid) from pg_stat_activity where ${OTHERS} and state = 'active'`,
      );
      ended += rows.length;
      await pause(random.whole(5, 60));
    }
    return `${ended} sessions`;
  },
};

const killBackend: Fault = {
  name: "kill -9 of a PostgreSQL backend",
  weight: 2,
  group: "database",
  async run({ place }) {
    const [row] = await ask<{ pid: number }>(
      place,
      `select pid from pg_stat_activity where ${OTHERS} order by random() limit 1`,
    );
    if (!row) return "there was none";
    process.kill(row.pid, "SIGKILL");
    await pause(1_000);
    return "one; the server restarted all";
  },
};

const restartPostgres: Fault = {
  name: "immediate restart of PostgreSQL",
  weight: 2,
  group: "database",
  async run({ place: { postgres } }, random) {
    const isKill = random.chance(0.5);
    if (!isKill) await postgres.restartImmediate();
    else {
      await postgres.kill();
      await pause(random.whole(0, 1_000));
      await postgres.start();
    }
    return isKill ? "postmaster killed with SIGKILL" : "SIGQUIT";
  },
};

const flush: Fault = {
  name: "FLUSHALL",
  weight: 4,
  group: "redis",
  async run({ place }) {
    await commandRedis(place, (client) => client.flushall());
    return "";
  },
};

const killClients: Fault = {
  name: "CLIENT KILL",
  weight: 5,
  group: "redis",
  async run({ place }, random) {
    const type = random.pick(["normal", "pubsub"]);
    await commandRedis(place, (client) => client.call("CLIENT", "KILL", "TYPE", type));
    return type;
  },
};

const restartRedis: Fault = {
  name: "Redis killed and started empty",
  weight: 2,
  group: "redis",
  async run({ place: { redis } }, random) {
    await redis.kill();
    const ms = random.whole(0, 2_000);
    await pause(ms);
    await redis.start();
    return `down for ${ms} ms`;
  },
};

const fullRedis: Fault = {
  name: "Redis at maxmemory",
  weight: 2,
  group: "redis",
  async run({ place }, random) {
    await commandRedis(place, (client) => client.config("SET", "maxmemory", "1mb"));
    const ms = random.whole(500, 3_000);
    await pause(ms);
    await commandRedis(place, (client) => client.config("SET", "maxmemory", "0"));
    return `for ${ms} ms`;
  },
};

/** Which wire, and its name. */
function someWire({ wires }: Place, random: Random): readonly [string, Wire] {
  return random.pick(Object.entries(wires) as [string, Wire][]);
}

const resetWire: Fault = {
  name: "connections reset",
  weight: 8,
  group: "wire",
  async run({ place }, random) {
    const [name, wire] = someWire(place, random);
    return `${wire.reset()} of ${name}`;
  },
};

const cutWire: Fault = {
  name: "connections cut in the middle of a message",
  weight: 6,
  group: "wire",
  async run({ place }, random) {
    const [name, wire] = someWire(place, random);
    const direction = random.pick(["requests", "replies"] as const);
    wire.cutNext(direction);
    return `${direction} of ${name}`;
  },
};

const disturbWire: Fault = {
  name: "wire delayed, held, deaf or refused",
  weight: 12,
  group: "wire",
  async run({ place }, random) {
    const [name, wire] = someWire(place, random);
    const delayMs = random.whole(20, 400);
    const mode = random.pick([
      { mode: "delay", ms: delayMs },
      { mode: "hold" },
      { mode: "lose replies" },
      { mode: "refuse" },
    ] as const);
    const ms = random.whole(300, 3_000);
    wire.set(mode);
    await pause(ms);
    wire.set({ mode: "pass" });
    return `${name}: ${mode.mode}${mode.mode === "delay" ? ` by ${delayMs} ms` : ""}, for ${ms} ms`;
  },
};

export const SERVER_FAULTS: readonly Fault[] = [
  terminate,
  ambiguous,
  killBackend,
  restartPostgres,
  flush,
  killClients,
  restartRedis,
  fullRedis,
  resetWire,
  cutWire,
  disturbWire,
];

/** Restores everything as it was before the first fault. */
export async function restoreServers(place: Place): Promise<void> {
  for (const wire of Object.values(place.wires) as Wire[]) wire.set({ mode: "pass" });
  place.databaseClock.shift(0);
  await place.postgres.start();
  await place.redis.start();
  await commandRedis(place, (client) => client.config("SET", "maxmemory", "0"));
}
