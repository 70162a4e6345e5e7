import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { TEXTS } from "./scripts/texts.generated.js";

/** Limits of one pipeline. */
const PIPELINE_KEYS_MAX = 500;
const PIPELINE_BYTES_MAX = 4_194_304;

type ScriptName = "apply" | "swap" | "sweep";

interface Script {
  readonly lua: string;
  readonly sha: string;
}

const loaded = new Map<ScriptName, Script>();

function scriptOf(name: ScriptName): Script {
  const known = loaded.get(name);
  if (known) return known;
  const lua = TEXTS[`${name}.lua`];
  const fresh = { lua, sha: createHash("sha1").update(lua).digest("hex") };
  loaded.set(name, fresh);
  return fresh;
}

/**
 * One run of a script. Redis serves nobody else meanwhile, so a run gets few keys
 * (`KEYS_PER_CALL_MAX`).
 */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/**
 * A run takes less than a millisecond, and costs Redis and the connection a fraction of as many
 * runs with one key each.
 */
export const KEYS_PER_CALL_MAX = 50;

/**
 * Runs a script for each call, pipelined. If the server does not know the script (because it was
 * restarted), the script is sent.
 * @param mayWrite called before each pipeline; when it throws, nothing more is sent
 * @returns the script's answers, in the order of the calls
 * @throws the first error that Redis or the connection returned
 */
export async function runScript(
  client: Redis,
  name: ScriptName,
  calls: readonly ScriptCall[],
  mayWrite: () => void,
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const chunk of chunks(calls)) {
    mayWrite();
    let replies = await send(client, name, chunk);
    if (replies.some(([error]) => error?.message.startsWith("NOSCRIPT"))) {
      mayWrite();
      await client.script("LOAD", scriptOf(name).lua);
      mayWrite();
      replies = await send(client, name, chunk);
    }
    for (const [error, answer] of replies) {
      if (error) throw error;
      answers.push(answer);
    }
  }
  return answers;
}

async function send(client: Redis, name: ScriptName, calls: readonly ScriptCall[]) {
  const { sha } = scriptOf(name);
  const pipeline = client.pipeline();
  for (const { keys, args } of calls) pipeline.evalsha(sha, keys.length, ...keys, ...args);
  return (await pipeline.exec()) ?? [];
}

function* chunks(calls: readonly ScriptCall[]): Generator<readonly ScriptCall[]> {
  let chunk: ScriptCall[] = [];
  let keys = 0;
  let bytes = 0;
  for (const call of calls) {
    const size = call.args.reduce((sum, text) => sum + text.length, 0);
    const isFull = keys + call.keys.length > PIPELINE_KEYS_MAX || bytes + size > PIPELINE_BYTES_MAX;
    if (chunk.length > 0 && isFull) {
      yield chunk;
      chunk = [];
      keys = 0;
      bytes = 0;
    }
    chunk.push(call);
    keys += call.keys.length;
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
