import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Job, JobPage, TransitionRecord } from "../../src/index.js";
import { waitFor } from "../servers/wait-for.js";
import { runCli, startUp, temporaryFolder } from "./run-cli.js";

vi.setConfig({ testTimeout: 240_000 });

const FILES = 150;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const code = join(folder.path, "code");
  await mkdir(code);
  const body = Array.from(
    { length: 60 },
    (_, line) => `export function f${line}(a, b) { if (a) { return b + ${line}; } return eval(a); }`,
  ).join("\n");
  await Promise.all(
    Array.from({ length: FILES }, (_, index) =>
      writeFile(join(code, `file${index}.js`), `// ${index}\n${body}\n`),
    ),
  );
});

afterAll(() => folder.remove());

async function getJson<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}

describe("a kill -9 of lockstep up in the middle of a scan", () => {
  it("costs an attempt, not the job: started again, it is run again and completes", {
    timeout: 180_000,
  }, async () => {
    const dataDir = join(folder.path, "data");
    const read = async (url: string, id: string) =>
      JSON.parse((await runCli(["jobs", "get", id, "--json"], { env: { LOCKSTEP_URL: url } })).stdout);

    const first = await startUp(dataDir, { cwd: folder.path });
    const { stdout } = await runCli(["scan", "code"], { cwd: folder.path, env: first.env });
    const id = stdout.trim();
    const running = await waitFor(
      async () => {
        const job = await getJson<Job>(`${first.url}/api/jobs/${id}`);
        return job.status === "running" && (job.progress?.fraction ?? 0) > 0 ? job : null;
      },
      { what: "progress", deadlineMs: 60_000 },
    );
    expect(running).toMatchObject({ attempt: 1 });
    expect(await first.end("SIGKILL")).toBeNull();

    const second = await startUp(dataDir, { cwd: folder.path });
    try {
      const { code } = await runCli(["result", id, "--wait", "--timeout", "120"], { env: second.env });
      expect(code).toBe(0);
      expect(await read(second.url, id)).toMatchObject({ status: "completed", attempt: 2, failures: 1 });
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

  it("a command that waits goes on waiting across the restart", async () => {
    const dataDir = join(folder.path, "data2");
    const first = await startUp(dataDir, { cwd: folder.path });
    const port = new URL(first.url).port;
    const waiting = runCli(["scan", "code", "--wait", "--json"], { cwd: folder.path, env: first.env });
    await waitFor(
      async () => {
        const { jobs } = await getJson<JobPage>(`${first.url}/api/jobs?status=running`);
        return jobs.length > 0;
      },
      { what: "the running scan", deadlineMs: 60_000 },
    );
    await first.end("SIGKILL");
    const second = await startUp(dataDir, { cwd: folder.path, port });
    try {
      const { code, stdout } = await waiting;
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ status: "completed", attempt: 2 });
    } finally {
      await second.end("SIGTERM");
    }
  });
});
