import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openService, type Service } from "@lockstep/server/internal/service";
import { openWorkloads, type Workload } from "lockstep/internal/workload";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT } from "../../packages/cli/src/exit-codes.js";
import { buildProgram } from "../../packages/cli/src/program.js";
import { createTerminal } from "../../packages/cli/src/terminal.js";
import { UsageError } from "../../packages/cli/src/usage-error.js";
import { loadWorkloads } from "../../packages/cli/src/workloads.js";
import { createClient, type TestClient } from "../../packages/server/test/client.js";
import { DEADLINE_MS } from "../runner/deadline.js";
import { freshDatabase } from "../servers/database.js";
import { waitFor } from "../servers/wait-for.js";
import { letter } from "./letter/index.js";

/** Everything that adds a workload: its folder, and this line. */
const withLetter = async (): Promise<readonly Workload[]> => [...(await loadWorkloads()), letter];

let dir: string;
let service: Service;
let url: string;
let client: TestClient;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-third-"));
  const databaseUrl = (await freshDatabase()).url;
  service = await openService({
    databaseUrl,
    dataDir: dir,
    leaseSeconds: 30,
    logger: pino({ level: "silent" }),
  });
  const settings = { scanRoots: [dir], scanAllowPrivate: false, letterGreeting: "Hello" };
  const workloads = await openWorkloads(await withLetter(), { files: service.files, settings });
  ({ url } = await service.startServer({ workloads, host: "127.0.0.1", port: 0, version: "0" }));
  await service.startWorker({ workloads, concurrency: 2, queues: [] });
  client = createClient(url);
});
afterAll(async () => {
  await service.close();
  await rm(dir, { recursive: true, force: true });
});

/** Runs the command line in this process. */
async function run(...args: string[]) {
  let stdout = "";
  let stderr = "";
  const streams = {
    stdin: {},
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const terminal = createTerminal(streams as never, { color: false, columns: null });
  const session = { terminal, workloads: await withLetter(), exitCode: EXIT.done };
  const error: unknown = await buildProgram(session, "0")
    .parseAsync(args, { from: "user" })
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  return { code: session.exitCode, stdout, stderr, error };
}

describe("a third workload", () => {
  it("is listed by the server like the others, with the programs it needs", async () => {
    const { body } = await client.get("/api/kinds");
    expect(body.kinds.map(({ kind }: { kind: string }) => kind)).toEqual(["docking", "letter", "scan"]);
    expect((await client.get("/api/kinds/letter")).body).toMatchObject({
      workers_live: 1,
      programs: [{ program: "quill", debian_package: "goose" }],
    });
  });

  it("has its own form, shows its own view of the output, and offers its result as a file", async () => {
    const form = new FormData();
    form.set("job_type", "letter");
    form.set("to_whom", "Ada");
    const { status, body } = await client.call("POST", "/api/submit", { raw: form });
    expect(status).toBe(202);
    const view = (await client.get(`/api/status/${body.job_id}?wait=30`)).body;
    expect(view).toMatchObject({ status: "completed", results: "Hello Ada" });
    expect((await client.get(`/api/result/${body.job_id}/txt`)).body).toBe("Hello Ada\n");
    form.delete("to_whom");
    expect((await client.call("POST", "/api/submit", { raw: form })).body).toMatchObject({
      code: "INVALID_INPUT",
      errors: [{ pointer: "/to_whom" }],
    });
  });

  it("makes a batch of its library, ranks the results, and returns them as one file", async () => {
    await writeFile(join(dir, "names.txt"), "Grace\nAda\n");
    const upload = new FormData();
    upload.set("file", new Blob(["Grace\nAda\n"]), "names.txt");
    const library = (await client.call("POST", "/api/files", { raw: upload })).body.id;
    const { id } = (await client.post("/api/batches", { kind: "letter", library })).body;
    const isDone = async () => (await client.get(`/api/batches/${id}`)).body.progress.finished === 2;
    await waitFor(isDone, { what: "both letters", deadlineMs: DEADLINE_MS });
    const { columns, results } = (await client.get(`/api/batches/${id}/results`)).body;
    expect(columns).toEqual(["letter"]);
    expect(results.map(({ values }: { values: object }) => values)).toEqual([
      { letter: "Hello Ada" },
      { letter: "Hello Grace" },
    ]);
    expect((await client.get(`/api/batches/${id}/results?format=txt`)).body).toBe(
      "1. Hello Ada\n2. Hello Grace\n",
    );
    expect((await run("batches", "results", id, "--format", "txt", "--url", url)).stdout).toContain(
      "1. Hello Ada",
    );
  });

  it("has a command, which waits, reads its options, and reports wrong usage", async () => {
    const waited = await run("write", "Ada", "--copies", "2", "--wait", "--url", url);
    expect(waited).toMatchObject({ code: 0, error: null, stdout: "Hello Ada; Hello Ada\n" });
    expect(waited.stderr).toContain("completed");
    const json = await run("write", "Ada", "--wait", "--json", "--url", url);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: "lockstep.job/1", status: "completed" });
    const id = (await run("write", "Ada", "--url", url)).stdout.trim();
    expect((await client.get(`/api/jobs/${id}`)).body).toMatchObject({
      kind: "letter",
      input: { to: "Ada" },
    });
    expect((await run("write", "", "--url", url)).error).toBeInstanceOf(UsageError);
    expect((await run("write", "Ada", "--copies", "many")).error).toMatchObject({
      code: "commander.invalidArgument",
      message: expect.stringContaining("It must be a whole number, 1 to 9."),
    });
  });

  it("has a setting, with a flag where workloads run, and a getting-started text", async () => {
    const { settings } = JSON.parse((await run("config", "--letter-greeting", "Hi", "--json")).stdout);
    expect(settings).toContainEqual(
      expect.objectContaining({ variable: "LOCKSTEP_LETTER_GREETING", value: "Hi", origin: "flag" }),
    );
    for (const command of ["up", "server", "worker"])
      expect((await run(command, "--help")).stdout).toContain("--letter-greeting <text>");
    expect((await run("--help")).stdout).toContain("write ");
    expect(letter.example({ letterGreeting: "Dear" })?.command).toBe("write Ada --wait");
  });
});

it("a server mentions only the workloads it was given", async () => {
  const settings = { letterGreeting: "Hello" };
  const workloads = await openWorkloads([letter], { files: service.files, settings });
  const alone = await service.startServer({ workloads, host: "127.0.0.1", port: 0, version: "0" });
  // The kinds are those of the ledger, where the other server has recorded its own.
  for (const path of ["/openapi.json", "/health/ready"]) {
    const text = await (await fetch(alone.url + path)).text();
    expect(text).toContain("letter");
    expect(text).not.toMatch(/\b(dock|docking|scan|vina|obabel|sdf|smiles|ligand|protein)\b/i);
  }
});

describe("workloads that do not fit together are rejected:", () => {
  const files = () => service.files;

  it("two of one kind, and one whose job has another kind", async () => {
    const settings = { letterGreeting: "Hello" };
    await expect(openWorkloads([letter, letter], { files: files(), settings })).rejects.toThrow(RangeError);
    const renamed = { ...letter, kind: "parcel" };
    await expect(openWorkloads([renamed], { files: files(), settings })).rejects.toThrow(RangeError);
  });

  it("two settings with the same name, variable or flag", () => {
    const terminal = createTerminal(process, { color: false, columns: null });
    const taken = { ...letter, settings: { port: letter.settings.letterGreeting } };
    for (const workloads of [[taken], [letter, { ...letter, kind: "parcel" }]])
      expect(() => buildProgram({ terminal, workloads, exitCode: EXIT.done }, "0")).toThrow(
        /two settings are called/,
      );
  });
});
