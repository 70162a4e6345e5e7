import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../../tests/servers/database.js";
import { type Redis, startRedis } from "../../../tests/servers/redis.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { runCli, spawnCli, temporaryFolder } from "./run-cli.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postgres: Postgres;
let redis: Redis;

beforeAll(async () => {
  [folder, postgres, redis] = await Promise.all([temporaryFolder(), startPostgres(), startRedis()]);
  await postgres.stop();
});
afterAll(async () => {
  await Promise.all([folder.remove(), postgres.remove(), redis.remove()]);
});

it.each(["server", "up", "worker"])(
  "%s names the database and the reason, and exits with 7",
  async (command) => {
    const place = ["--data-dir", folder.path];
    const { code, stderr } = await runCli(
      command === "worker" ? [command, ...place] : [command, ...place, "--port", "0"],
      { cwd: folder.path, env: { DATABASE_URL: postgres.url } },
    );
    expect(code).toBe(7);
    expect(stderr).toContain(
      `The database postgres at 127.0.0.1:${postgres.port} is unavailable: nothing listens at that address`,
    );
    expect(stderr).not.toContain(new URL(postgres.url).password);
  },
);

it("up with Redis starts the API at once, and the worker when the database is back", async () => {
  const child = spawnCli(["up", "--json", "--port", "0", "--data-dir", folder.path], {
    cwd: folder.path,
    env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk));
  const ended = once(child, "close").then(([code]) => code as number | null);
  await waitFor(() => stdout.includes("\n") || child.exitCode !== null, { what: "lockstep up" });
  const document = JSON.parse(stdout) as { url: string; worker_id: string | null };
  expect(document.worker_id).toBeNull();
  expect((await fetch(`${document.url}/health/live`)).status).toBe(200);
  expect(stderr).toContain("The worker starts when it is.");
  await postgres.start();
  const live = await waitFor(
    async () => {
      const answer = await fetch(`${document.url}/health/ready`);
      const { workers_live } = (await answer.json()) as { workers_live: number | null };
      return workers_live === 1;
    },
    { what: "the worker to be there" },
  );
  expect(live).toBe(true);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});
