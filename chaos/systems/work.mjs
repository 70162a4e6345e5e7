/**
 * The work of every system's handler, so that all are judged by the same work. `work.mode` says how
 * the job ends. Each start and end is written to stdout before it counts. Plain JavaScript, for the
 * processes that run without a compiler.
 */
import { createHash, randomBytes } from "node:crypto";

const clockMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Writes one line at once: a pipe accepts it whole, even if this process is killed right after. */
export function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/**
 * Reports every second that the event loop runs. @param canWrite whether the disk accepts writes
 */
export function sayAlive(canWrite = () => true) {
  setInterval(() => say({ e: "alive", at: clockMs(), disk: canWrite() }), 1_000).unref();
}

const digestOf = (output) =>
  createHash("sha256")
    .update(JSON.stringify(output, Object.keys(output).sort()))
    .digest("base64url")
    .slice(0, 16);

/** Outputs that no JSON database can store, or that are large. */
const OUTPUTS = {
  nul: () => ({ text: "a\u0000b" }),
  surrogate: () => ({ text: "\ud800" }),
  nan: () => ({ value: Number.NaN }),
  big: () => ({ text: "x".repeat(300_000) }),
};
const UNSTORABLE = new Set(["nul", "surrogate", "nan"]);

/**
 * Runs one job.
 * @param work {key, mode, ms}: mode is one of ok, fail once, fail, slow, block, nul, surrogate,
 *   nan, big
 * @param attempt counts from 1
 * @param how {attemptKnown, signal}: whether the system has its own attempts; fires when the job is
 *   taken back
 */
export async function doWork(work, attempt, { attemptKnown = true, signal } = {}) {
  const { key, mode, ms } = work;
  const facts = { key, attempt: attemptKnown ? attempt : null };
  say({ e: "start", at: clockMs(), ...facts });
  try {
    if (mode === "block") for (const until = clockMs() + ms; clockMs() < until; );
    else await sleep(ms, mode === "slow" ? signal : undefined);
    if (mode === "fail" || (mode === "fail once" && attempt === 1)) throw new Error(`${mode}, as ordered`);
  } catch (error) {
    say({ e: "end", at: clockMs(), ...facts, how: "threw", digest: null });
    throw error;
  }
  const output = { key, nonce: randomBytes(8).toString("hex"), ...OUTPUTS[mode]?.() };
  say({
    e: "end",
    at: clockMs(),
    ...facts,
    how: "returned",
    digest: UNSTORABLE.has(mode) ? null : digestOf(output),
  });
  return output;
}

function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
