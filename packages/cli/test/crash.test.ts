import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job, JobPage, JobSummary, TransitionRecord } from "lockstep";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seedDataDir } from "../../../tests/servers/embedded.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { heavyCode } from "../../scan/test/heavy-code.js";
import { runCli, spawnCli, startUp, temporaryFolder, type Up } from "./run-cli.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeCode("one", 1);
  await writeCode("few", 600);
});

beforeEach(async () => {
  // A scan of it is in the middle for as long as its first file takes.
  await writeCode("code", 4_000, 1);
});

/** A folder with a file for each number: so many functions take about as many milliseconds. */
async function writeCode(name: string, ...sizes: readonly number[]): Promise<void> {
  const code = join(folder.path, name);
  await rm(code, { recursive: true, force: true });
  await mkdir(code);
  for (const [index, functions] of sizes.entries())
    await writeFile(join(code, `file${index}.js`), heavyCode(functions));
}

afterAll(() => folder.remove());

async function getJson<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}

describe("a kill -9 of lockstep up in the middle of a scan", () => {
  it("uses up an attempt, not the job: after a restart the job runs again and completes", async () => {
    const dataDir = await seedDataDir(join(folder.path, "data"));
    const read = async (url: string, id: string) =>
      JSON.parse((await runCli(["jobs", "get", id, "--json"], { env: { LOCKSTEP_URL: url } })).stdout);

    const first = await startUp(dataDir, { cwd: folder.path });
    const { stdout } = await runCli(["scan", "code"], { cwd: folder.path, env: first.env });
    const id = stdout.trim();
    const running = await runningScan(first.url);
    expect(running).toMatchObject({ attempt: 1 });
    expect(await first.end("SIGKILL")).toBeNull();

    await writeCode("code", 1, 1);
    const second = await startUp(dataDir, { cwd: folder.path });
    try {
      const { code } = await runCli(["result", id, "--wait", "--timeout", "120"], { env: second.env });
      expect(code).toBe(0);
      expect(await read(second.url, id)).toMatchObject({
        status: "completed",
        attempt: 2,
        failures: 0,
        losses: 1,
      });
      const { transitions } = await getJson<{ transitions: TransitionRecord[] }>(
        `${second.url}/api/jobs/${id}/transitions`,
      );
      expect(transitions.map(({ status, reason }) => `${status} ${reason}`)).toEqual([
        "pending submitted",
        "running claimed",
        "pending lost",
        "running claimed",
        "completed succeeded",
      ]);
    } finally {
      await second.end("SIGTERM");
    }
  });

  it("a command that waits and one that watches continue after the restart and miss nothing", async () => {
    const dataDir = await seedDataDir(join(folder.path, "data2"));
    const first = await startUp(dataDir, { cwd: folder.path });
    const watching = spawnCli(["jobs", "watch", "--json"], { env: first.env });
    let seen = "";
    watching.stdout.on("data", (chunk: Buffer) => {
      seen += chunk;
    });
    const events = () =>
      seen
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as TransitionRecord);
    await submitUntil(first, () => events().length > 0);

    const waiting = runCli(["scan", "code", "--wait", "--json"], { cwd: folder.path, env: first.env });
    const { id } = await runningScan(first.url);
    await first.end("SIGKILL");
    await writeCode("code", 1, 1);
    const second = await startUp(dataDir, { cwd: folder.path, port: new URL(first.url).port });
    try {
      const { code, stdout, stderr } = await waiting;
      expect(code).toBe(0);
      expect(stderr).toContain("the server does not answer");
      expect(JSON.parse(stdout)).toMatchObject({ id, status: "completed", attempt: 2, version: 5 });
      const versions = () =>
        events()
          .filter(({ job_id }) => job_id === id)
          .map(({ version }) => version);
      await waitFor(() => versions().includes(5), { what: "the last version" });
      expect(versions()).toEqual([1, 2, 3, 4, 5]);
    } finally {
      watching.kill();
      await second.end("SIGTERM");
    }
  });
});

describe("SIGTERM in the middle of a scan", () => {
  it("lets the scan finish in its first attempt, then exits with 0", async () => {
    const dataDir = await seedDataDir(join(folder.path, "data3"));
    const first = await startUp(dataDir, { cwd: folder.path });
    const id = (await runCli(["scan", "few"], { cwd: folder.path, env: first.env })).stdout.trim();
    // No progress is needed: the scan must end within the time that a worker waits for its jobs.
    await runningScan(first.url, 0);
    expect(await first.end("SIGTERM")).toBe(0);
    const second = await startUp(dataDir, { cwd: folder.path });
    const job = await getJson<Job>(`${second.url}/api/jobs/${id}`);
    await second.end("SIGTERM");
    expect(job).toMatchObject({ status: "completed", attempt: 1, version: 3 });
  });

  it("sent twice stops the process at once, and the next process runs the scan again", async () => {
    const dataDir = await seedDataDir(join(folder.path, "data4"));
    const first = await startUp(dataDir, { cwd: folder.path });
    const id = (await runCli(["scan", "code"], { cwd: folder.path, env: first.env })).stdout.trim();
    await runningScan(first.url);
    const ended = first.end("SIGTERM");
    await waitFor(() => first.stderr().includes("Stopping"), { what: "the first signal" });
    process.kill(first.pid, "SIGTERM");
    expect(await ended).toBe(1);
    const second = await startUp(dataDir, { cwd: folder.path });
    const job = await waitFor(
      async () => {
        const now = await getJson<Job>(`${second.url}/api/jobs/${id}`);
        return now.attempt === 2 ? now : null;
      },
      { what: "the second attempt" },
    );
    await second.end("SIGKILL");
    expect(job.status).not.toBe("failed");
  });
});

/** The running scan, once it has made at least so much progress. */
async function runningScan(url: string, fractionMin = Number.EPSILON): Promise<JobSummary> {
  return await waitFor(
    async () => {
      const { jobs } = await getJson<JobPage>(`${url}/api/jobs?status=running`);
      return jobs.find(({ progress }) => (progress?.fraction ?? 0) >= fractionMin);
    },
    { what: "a running scan" },
  );
}

/** Submits small jobs, one after the other, until one of them is seen to change. */
async function submitUntil(up: Up, seen: () => boolean): Promise<void> {
  await waitFor(
    async () => {
      await runCli(["scan", "one", "--wait"], { cwd: folder.path, env: up.env });
      return seen();
    },
    { what: "the first event" },
  );
}
