import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

/** Calls in one pipeline. */
const PIPELINE_CALLS_MAX = 500;
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
  const lua = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), "utf8");
  const fresh = { lua, sha: createHash("sha1").update(lua).digest("hex") };
  loaded.set(name, fresh);
  return fresh;
}

/** One run of a script: one key, so that it works where keys are spread over servers. */
export interface ScriptCall {
  readonly key: string;
  readonly args: readonly string[];
}

/**
 * Runs a script for each call, pipelined. A server that does not know the script (it was started anew) is given it.
 * @param mayWrite asked before each pipeline; when it throws, nothing more is sent
 * @returns the script's answers, in the order of the calls
 * @throws the first error that Redis or the connection answered
 */
export async function runScript(
  client: Redis,
  name: ScriptName,
  calls: readonly ScriptCall[],
  mayWrite: () => void,
): Promise<number[]> {
  const answers: number[] = [];
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
      answers.push(Number(answer));
    }
  }
  return answers;
}

async function send(client: Redis, name: ScriptName, calls: readonly ScriptCall[]) {
  const { sha } = scriptOf(name);
  const pipeline = client.pipeline();
  for (const { key, args } of calls) pipeline.evalsha(sha, 1, key, ...args);
  return (await pipeline.exec()) ?? [];
}

function* chunks(calls: readonly ScriptCall[]): Generator<readonly ScriptCall[]> {
  let chunk: ScriptCall[] = [];
  let bytes = 0;
  for (const call of calls) {
    const size = call.args.reduce((sum, text) => sum + text.length, 0);
    if (chunk.length > 0 && (chunk.length >= PIPELINE_CALLS_MAX || bytes + size > PIPELINE_BYTES_MAX)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(call);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
