import { Worker as Thread } from "node:worker_threads";
import type { Logger } from "pino";
import type { WorkerLedger } from "../ledger/index.js";
import { repeat } from "./repeat.js";

const BEAT_MS_MAX = 10_000;
const THREAD_RESTART_MS_MIN = 500;
const THREAD_RESTART_MS_MAX = 10_000;
const THREAD_STOP_MS = 2_000;

/** `thread`: on a connection of its own, where a busy event loop cannot stop it. `inline`: in this process, which the embedded database shares. */
export type HeartbeatMode =
  | { readonly mode: "thread"; readonly databaseUrl: string }
  | { readonly mode: "inline" };

export interface HeartbeatOptions {
  readonly mode: HeartbeatMode;
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, "heartbeat">;
  readonly leaseSeconds: number;
  readonly logger: Logger;
  /** The ledger does not know this worker any more. Called again with every beat until it does. */
  onGone(): void;
}

/** Tells the ledger again and again that this worker lives. The worker has just been registered. */
export interface Heartbeat {
  /** Milliseconds since the last beat that the ledger took was sent. */
  ageMs(): number;
  stop(): Promise<void>;
}

/** What the thread is started with; `lastBeat` holds process.hrtime in nanoseconds, which both threads share. */
export interface HeartbeatThreadData {
  readonly databaseUrl: string;
  readonly workerId: string;
  readonly beatMs: number;
  readonly retryMs: number;
  readonly lastBeat: SharedArrayBuffer;
}

export type HeartbeatMessage = "beat" | "gone" | "failed";

export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const beatMs = Math.min(BEAT_MS_MAX, (options.leaseSeconds * 1_000) / 3);
  const times = { beatMs, retryMs: Math.min(1_000, beatMs / 2) };
  const { mode } = options;
  return mode.mode === "thread" ? inThread(options, times, mode.databaseUrl) : inline(options, times);
}

function inline(
  { ledger, workerId, onGone }: HeartbeatOptions,
  times: { beatMs: number; retryMs: number },
): Heartbeat {
  let lastBeat = process.hrtime.bigint();
  const beats = repeat(async () => {
    const sentAt = process.hrtime.bigint();
    try {
      const known = await ledger.heartbeat(workerId);
      if (known) lastBeat = sentAt;
      else onGone();
      return known ? times.beatMs : times.retryMs;
    } catch {
      return times.retryMs; // The age tells, and the lease watch acts on it.
    }
  }, times.beatMs);
  return { ageMs: () => msSince(lastBeat), stop: () => beats.stop() };
}

function inThread(
  options: HeartbeatOptions,
  times: { beatMs: number; retryMs: number },
  databaseUrl: string,
): Heartbeat {
  const { workerId, logger, onGone } = options;
  const lastBeat = new SharedArrayBuffer(8);
  const shared = new BigInt64Array(lastBeat);
  Atomics.store(shared, 0, process.hrtime.bigint());
  const data: HeartbeatThreadData = { databaseUrl, workerId, lastBeat, ...times };
  let stopping = false;
  let restart: NodeJS.Timeout | null = null;
  let restartMs = THREAD_RESTART_MS_MIN;
  let isBeating = false;
  let thread = start();

  function start(): Thread {
    const started = newThread(data);
    started.on("message", (message: HeartbeatMessage) => {
      isBeating = true;
      restartMs = THREAD_RESTART_MS_MIN;
      if (message === "gone") onGone();
    });
    started.on("error", (err) => logger.error({ err, worker_id: workerId }, "the heartbeat thread failed"));
    started.on("exit", () => {
      if (stopping) return;
      restart = setTimeout(() => {
        thread = start();
      }, restartMs);
      restartMs = Math.min(THREAD_RESTART_MS_MAX, restartMs * 2);
    });
    return started;
  }

  return {
    ageMs: () => msSince(Atomics.load(shared, 0)),
    async stop() {
      stopping = true;
      if (restart) clearTimeout(restart);
      if (isBeating) await end(thread);
      else await thread.terminate(); // Still loading: it holds nothing.
    },
  };
}

function newThread(workerData: HeartbeatThreadData): Thread {
  if (!import.meta.url.endsWith(".ts")) {
    return new Thread(new URL("./heartbeat-thread.js", import.meta.url), { workerData });
  }
  // From the sources (tests, development) the thread needs tsx, which a thread does not get by `--import`.
  const program = new URL("./heartbeat-thread.ts", import.meta.url).href;
  const code = `import("tsx/esm/api").then(({ register }) => { register(); return import("${program}"); });`;
  return new Thread(code, { eval: true, workerData });
}

async function end(thread: Thread): Promise<void> {
  if (thread.threadId === -1) return;
  const exited = new Promise((resolve) => thread.once("exit", resolve));
  const deadline = setTimeout(() => void thread.terminate(), THREAD_STOP_MS);
  thread.postMessage("stop");
  await exited;
  clearTimeout(deadline);
}

function msSince(nanoseconds: bigint): number {
  return Number((process.hrtime.bigint() - nanoseconds) / 1_000_000n);
}
