import { Worker as Thread } from "node:worker_threads";
import { type Heartbeat, type HeartbeatOptions, msSince } from "./heartbeat.js";
import {
  type HeartbeatMessage,
  type HeartbeatThreadData,
  LAST_BEAT,
  LAST_PULSE,
} from "./heartbeat-protocol.js";

const RESTART_MS_MIN = 500;
const RESTART_MS_MAX = 10_000;
const STOP_MS = 2_000;
const PULSE_MS = 1_000;
/**
 * An event loop that has been busy for this long counts as stuck, and its jobs are given to other
 * workers.
 */
const BLOCKED_SECONDS_MAX = 900;

export interface ThreadOptions extends HeartbeatOptions {
  readonly databaseUrl: string;
  /** The schema that holds the ledger. Default `lockstep`. */
  readonly schema?: string;
  /** How long the thread sends heartbeats for a blocked event loop, in seconds. Default 900. */
  readonly blockedSecondsMax?: number;
}

/**
 * Sends the heartbeat from a thread with its own connection. A thread that dies is started again.
 */
export function heartbeatInThread(options: ThreadOptions): Heartbeat {
  const {
    workerId,
    logger,
    onGone,
    databaseUrl,
    beatMs,
    retryMs,
    blockedSecondsMax = BLOCKED_SECONDS_MAX,
  } = options;
  const buffer = new SharedArrayBuffer(16);
  const times = new BigInt64Array(buffer);
  Atomics.store(times, LAST_BEAT, process.hrtime.bigint());
  const pulse = (): void => void Atomics.store(times, LAST_PULSE, process.hrtime.bigint());
  pulse();
  const pulses = setInterval(pulse, PULSE_MS);
  const blockedMsMax = blockedSecondsMax * 1_000;
  const { schema = null } = options;
  const data: HeartbeatThreadData = {
    databaseUrl,
    schema,
    workerId,
    beatMs,
    retryMs,
    blockedMsMax,
    times: buffer,
  };
  let stopping = false;
  let restart: NodeJS.Timeout | null = null;
  let restartMs = RESTART_MS_MIN;
  let isBeating = false;
  let thread = start();

  function start(): Thread {
    const started = newThread(data);
    started.on("message", (message: HeartbeatMessage) => {
      isBeating = true;
      restartMs = RESTART_MS_MIN;
      if (message === "gone") onGone();
    });
    started.on("error", (err) => logger.error({ err, worker_id: workerId }, "the heartbeat thread failed"));
    started.on("exit", () => {
      if (stopping) return;
      restart = setTimeout(() => {
        thread = start();
      }, restartMs);
      restartMs = Math.min(RESTART_MS_MAX, restartMs * 2);
    });
    return started;
  }

  return {
    ageMs: () => msSince(Atomics.load(times, LAST_BEAT)),
    async stop() {
      stopping = true;
      clearInterval(pulses);
      if (restart) clearTimeout(restart);
      if (isBeating) await end(thread);
      else await thread.terminate(); // Still loading: it has nothing open.
    },
  };
}

function newThread(workerData: HeartbeatThreadData): Thread {
  if (!import.meta.url.endsWith(".ts")) {
    return new Thread(new URL("./heartbeat-thread.js", import.meta.url), { workerData });
  }
  // When running from the sources (tests, development) the thread needs tsx, and `--import` does
  // not reach a thread.
  const program = new URL("./heartbeat-thread.ts", import.meta.url).href;
  const code = `import("tsx/esm/api").then(({ register }) => { register(); return import("${program}"); });`;
  return new Thread(code, { eval: true, workerData });
}

async function end(thread: Thread): Promise<void> {
  if (thread.threadId === -1) return;
  const exited = new Promise((resolve) => thread.once("exit", resolve));
  const deadline = setTimeout(() => void thread.terminate(), STOP_MS);
  thread.postMessage("stop");
  await exited;
  clearTimeout(deadline);
}
