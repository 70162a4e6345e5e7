import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startUp, temporaryFolder, type Up } from "../../packages/cli/test/run-cli.js";
import { DEADLINE_MS } from "../runner/deadline.js";
import { freshDatabase } from "../servers/database.js";
import { parseCurl } from "./parse-curl.js";

let readme: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  readme = await readFile("README.md", "utf8");
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** The first fenced block after a heading that contains a certain line. */
function block(line: RegExp): string {
  const blocks = [...readme.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map((match) => match[1]!);
  const found = blocks.find((text) => line.test(text));
  if (found === undefined) throw new Error(`the README has no block with ${line}`);
  return found;
}

describe("the README's curl lines", () => {
  let up: Up;
  const call = (line: string, values: Readonly<Record<string, string>> = {}) => {
    const { url, init } = parseCurl(line, { "http://127.0.0.1:5000": up.url, ...values });
    return fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
  };

  beforeAll(async () => {
    await mkdir(join(folder.path, "code"));
    await writeFile(join(folder.path, "code", "app.js"), "export const run = (text) => eval(text);\n");
    up = await startUp(join(folder.path, "data"), { cwd: join(folder.path, "code") });
  });
  afterAll(() => up?.end("SIGKILL"));

  it("submit a scan, read its status, wait for its end, follow its events and read its history", async () => {
    const [submit, status, wait, events, history, ...more] = block(/^curl /m)
      .replaceAll("\\\n", " ")
      .split("\n")
      .filter((line) => line.startsWith("curl "));
    expect(more).toEqual([]);
    const submitted = await call(submit!);
    expect(submitted.status).toBe(202);
    const { id } = (await submitted.json()) as { id: string };
    expect(await (await call(status!, { $ID: id })).json()).toMatchObject({ job_id: id, source: "ledger" });
    const done = await (await call(wait!, { $ID: id })).json();
    expect(done).toMatchObject({ id, status: "completed", version: 3 });
    const { transitions } = (await (await call(history!, { $ID: id })).json()) as { transitions: unknown[] };
    expect(transitions).toMatchObject([
      { status: "pending" },
      { status: "running" },
      { status: "completed" },
    ]);
    const stream = (await call(events!, { $ID: id })).body!.getReader();
    const { value } = await stream.read();
    expect(new TextDecoder().decode(value)).toMatch(/^(retry|id|event):/);
    await stream.cancel();
  });
});

describe("the README's program", () => {
  const LAST_LINE = '\nprocess.stdout.write(done.status + " " + (done.output.bytes satisfies number));\n';
  let program: string;
  let database: Awaited<ReturnType<typeof freshDatabase>>;

  beforeAll(async () => {
    database = await freshDatabase();
    program = join(folder.path, "program.ts");
    const source = block(/createLockstep\(/).replace('"postgres://..."', JSON.stringify(database.url));
    await writeFile(program, source + LAST_LINE);
    await symlink(resolve("node_modules"), join(folder.path, "node_modules"));
    await writeFile(join(folder.path, "package.json"), '{ "type": "module" }');
    await writeFile(
      join(folder.path, "tsconfig.json"),
      JSON.stringify({ extends: resolve("tsconfig.json"), include: [program] }),
    );
  });
  afterAll(() => database?.drop());

  it("has no type error, and infers the type of the output", async () => {
    const tsc = resolve("node_modules/typescript/bin/tsc");
    await promisify(execFile)(process.execPath, [tsc, "-p", folder.path, "--noEmit"]);
  });

  it("submits a job, runs it and waits for its output", async () => {
    const args = ["--import", import.meta.resolve("tsx"), program];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: folder.path,
      timeout: DEADLINE_MS,
    });
    expect(stdout).toBe("completed 1234");
  });
});
