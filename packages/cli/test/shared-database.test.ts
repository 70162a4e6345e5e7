import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../tests/servers/database.js";
import { runCli, spawnCli, temporaryFolder } from "./run-cli.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: FreshDatabase;

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await freshDatabase();
  await mkdir(join(folder.path, "code"));
  await writeFile(join(folder.path, "code", "app.js"), "export const run = (text) => eval(text);\n");
});

afterAll(async () => {
  await database.drop();
  await folder.remove();
});

/** Starts a command that serves, and reads the JSON document it prints when it is ready. */
async function startService(args: readonly string[], env: Record<string, string>) {
  const places = ["--scan-roots", folder.path, "--data-dir", join(folder.path, "data")];
  const child = spawnCli([...args, ...places, "--json"], { env });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const end = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return {
    document: JSON.parse(line),
    end,
    errors: () => log.split("\n").filter((text) => text.includes('"level":50')),
  };
}

describe("a server and a worker in two processes on one PostgreSQL", () => {
  it("run a job together, and stop cleanly", async () => {
    const env = { DATABASE_URL: database.url };
    const run = (args: readonly string[], more = {}) =>
      runCli(args, { cwd: folder.path, env: { ...env, ...more } });

    expect((await run(["migrate"])).stdout).toMatch(/^Applied 0001_/);
    expect((await run(["migrate"])).stdout).toBe("The schema is up to date.\n");
    const token = (await run(["keys", "create", "me", "--role", "admin"])).stdout.trim();

    const server = await startService(["server", "--port", "0"], env);
    const worker = await startService(["worker", "--concurrency", "2", "--metrics-port", "0"], env);
    const client = { LOCKSTEP_URL: server.document.url, LOCKSTEP_TOKEN: token };
    const { code, stdout } = await run(["scan", "code", "--wait", "--json"], client);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "completed", worker_id: worker.document.worker_id });
    expect((await run(["jobs", "list"], { LOCKSTEP_URL: server.document.url })).code).toBe(4);

    const metrics = await (await fetch(worker.document.metrics_url)).text();
    expect(metrics).toMatch(/^lockstep_job_run_seconds_count\{kind="scan"\} 1$/m);

    expect(await worker.end()).toBe(0);
    const { workers } = JSON.parse((await run(["workers", "list", "--json"], client)).stdout);
    expect(workers).toEqual([]);
    expect(await server.end()).toBe(0);
    expect([...worker.errors(), ...server.errors()]).toEqual([]);
  });

  it("an address that is not loopback is refused until there is a key", async () => {
    const empty = await freshDatabase();
    const { code, stderr } = await runCli(["server", "--host", "0.0.0.0", "--port", "0"], {
      cwd: folder.path,
      env: { DATABASE_URL: empty.url },
    });
    await empty.drop();
    expect(code).toBe(1);
    expect(stderr).toContain("lockstep keys create");
  });

  it.each(["migrate", "server", "worker", "up"])(
    "%s reports a database that refuses, with its address, the cause and exit code 7",
    async (command) => {
      const url = new URL(database.url);
      url.password = "wrong-secret";
      const { code, stderr } = await runCli([command, ...(command === "server" ? ["--port", "0"] : [])], {
        cwd: folder.path,
        env: { DATABASE_URL: url.href },
      });
      expect(code).toBe(7);
      expect(stderr).toContain("The database cannot be reached");
      expect(stderr).toContain(
        `The database ${url.pathname.slice(1)} at 127.0.0.1:${url.port} is unavailable`,
      );
      expect(stderr).toContain("the password was refused");
      expect(stderr).not.toContain("wrong-secret");
    },
  );
});
