import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { theRedis, useRedis } from "./setup.js";

useRedis();

interface Board {
  readonly queues: readonly {
    readonly name: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly jobs: readonly { readonly failedReason?: string }[];
  }[];
}

/** Uses the embedded database, in its own folder. */
async function startExample(): Promise<{
  output: () => string;
  ended: Promise<number | null>;
  stop(): void;
}> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-example-"));
  const args = ["--import", import.meta.resolve("tsx"), resolve("examples/bullmq/main.ts"), "--port", "0"];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, REDIS_URL: theRedis().url, TSX_TSCONFIG_PATH: resolve("tsconfig.json") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk;
    });
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  void ended.then(() => rm(folder, { recursive: true, force: true }));
  return { output: () => text, ended, stop: () => void child.kill("SIGTERM") };
}

it("the example runs, Bull Board shows the same as the ledger, and the example stops cleanly", async () => {
  const example = await startExample();
  const ends = () => example.output().match(/ (completed|failed) after \d attempt/g) ?? [];
  await waitFor(() => ends().length === 7, { what: "seven jobs to end" }).catch((error) => {
    throw new Error(`${error}: ${example.output()}`);
  });
  expect(ends().filter((end) => end.includes("completed after 1"))).toHaveLength(3);
  expect(ends().filter((end) => end.includes("completed after 2"))).toHaveLength(3);
  expect(ends().filter((end) => end.includes("failed after 1"))).toHaveLength(1);
  const [, address] = /Bull Board: (http:\S+)/.exec(example.output()) ?? [];
  const board = await waitFor(
    async () => {
      const answer = await fetch(`${address}/api/queues?activeQueue=orders&status=failed`);
      const { queues } = (await answer.json()) as Board;
      return queues[0]?.counts.completed === 6 ? queues[0] : null;
    },
    { what: "Bull Board to show six completed jobs" },
  );
  expect(board).toMatchObject({ name: "orders", counts: { completed: 6, failed: 1, active: 0, waiting: 0 } });
  expect(board.jobs).toMatchObject([{ failedReason: "the bank says no" }]);
  example.stop();
  expect(await example.ended).toBe(0);
});
