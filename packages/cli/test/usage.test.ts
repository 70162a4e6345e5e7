import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { closedPort, runCli } from "./run-cli.js";

const ESC = "\u001b";

describe("a wrong call", () => {
  it("exits with 64 and suggests the intended name", async () => {
    const { code, stdout, stderr } = await runCli(["jbos", "list"]);
    expect(code).toBe(64);
    expect(stdout).toBe("");
    expect(stderr).toContain("Did you mean jobs?");
  });

  it("with a malformed id exits with 64 before any request", async () => {
    const { code, stderr } = await runCli(["jobs", "get", "1234"]);
    expect(code).toBe(64);
    expect(stderr).toContain('not a job id: "1234"');
  });

  it("with an input that is not JSON exits with 64", async () => {
    const { code, stderr } = await runCli(["submit", "scan", "--input", "{"]);
    expect(code).toBe(64);
    expect(stderr).toContain("--input is not JSON");
  });
});

describe("a path that the command reads on this machine", () => {
  it("must be named: a scan refuses an empty target", async () => {
    const { code, stderr } = await runCli(["scan", ""]);
    expect(code).toBe(64);
    expect(stderr).toContain("name what to scan");
  });

  it("must exist: the file is named, and the command exits with 64", async () => {
    const { code, stderr } = await runCli(["dock", "--receptor", "missing.pdb", "--smiles", "CCO"]);
    expect(code).toBe(64);
    expect(stderr).toContain("missing.pdb cannot be read");
  });
});

it("a job that only the cache knows is shown without its history, and the output says so", async () => {
  const id = "0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e";
  const at = "2031-02-03T04:05:06.000Z";
  const job = {
    ...{
      id,
      kind: "noop",
      queue: "default",
      status: "running",
      version: 2,
      attempt: 1,
      failures: 0,
      tags: [],
    },
    ...{ max_attempts: 3, priority: 0, progress: null, error: null, worker_id: null },
    ...{ unique_key: null, limit_key: null },
    ...{ run_at: at, created_at: at, started_at: at, finished_at: null, cancel_requested_at: null },
    ...{ actor: "api", reason: "claimed", source: "cache", as_of: at },
  };
  const server = createServer((request, response) => {
    const isJob = request.url === `/api/jobs/${id}`;
    response.writeHead(isJob ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify(isJob ? job : { code: "DATABASE_UNAVAILABLE", status: 503, title: "down" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const env = { LOCKSTEP_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const { code, stdout, stderr } = await runCli(["jobs", "get", id], { env });
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("history") });
  expect(stdout).toContain("running");
  expect(stdout).toContain("from the cache");
});

describe("the configuration", () => {
  it("reports all its faults at once, and exits with 64", async () => {
    const env = { LOCKSTEP_LEASE: "soon", DATABASE_URL: "mysql://x" };
    const { code, stderr } = await runCli(["up", "--port", "70000"], { env });
    expect(code).toBe(64);
    for (const name of ["LOCKSTEP_LEASE", "DATABASE_URL", "--port"]) expect(stderr).toContain(name);
  });

  it("is printed with each value's origin, with secrets masked", async () => {
    const env = {
      DATABASE_URL: "postgres://app:geheim@db/app",
      LOCKSTEP_TOKEN: "lk_geheim",
      LOCKSTEP_PROT: "1",
    };
    const { code, stdout } = await runCli(["config", "--port", "6000", "--json"], { env });
    const { schema, settings, warnings } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(schema).toBe("lockstep.config/1");
    const origin = Object.fromEntries(
      settings.map((setting: { variable: string; origin: string }) => [setting.variable, setting.origin]),
    );
    expect(origin).toMatchObject({
      LOCKSTEP_PORT: "flag",
      DATABASE_URL: "environment",
      LOCKSTEP_HOST: "default",
    });
    expect(stdout).not.toContain("geheim");
    expect(warnings).toEqual([expect.stringContaining("did you mean LOCKSTEP_PORT?")]);
  });
});

describe("without a server", () => {
  let env: { LOCKSTEP_URL: string };
  beforeAll(async () => {
    env = { LOCKSTEP_URL: `http://127.0.0.1:${await closedPort()}` };
  });

  it("a command explains how to start one", async () => {
    const { code, stderr } = await runCli(["jobs", "list"], { env });
    expect(code).toBe(1);
    expect(stderr.split("\n")).toEqual([
      `error: No connection to ${env.LOCKSTEP_URL}`,
      "  why: nothing listens on that address",
      "   do: start a server with: lockstep up (or set LOCKSTEP_URL to a running one)",
      "",
    ]);
  });

  it("with --json, the error is one JSON document on stderr, and stdout is empty", async () => {
    const { code, stdout, stderr } = await runCli(["jobs", "list", "--json"], { env });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(JSON.parse(stderr)).toMatchObject({
      schema: "lockstep.error/1",
      code: "CONNECTION",
      exit_code: 1,
    });
  });

  it("a question that nobody can answer is refused with 64", async () => {
    const { code, stderr } = await runCli(["jobs", "cancel", "0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e"], {
      env,
    });
    expect(code).toBe(64);
    expect(stderr).toContain("add --yes");
  });
});

describe("the processes that share a database", () => {
  it.each(["server", "worker"])("%s says why it needs DATABASE_URL", async (command) => {
    const { code, stderr } = await runCli([command]);
    expect(code).toBe(64);
    expect(stderr).toContain("embedded database belongs to one process");
  });
});

describe("colour", () => {
  it("is off without a terminal, on when asked for, and always off with NO_COLOR", async () => {
    expect((await runCli(["jobs", "get", "x"])).stderr).not.toContain(ESC);
    expect((await runCli(["jobs", "get", "x"], { env: { FORCE_COLOR: "1" } })).stderr).toContain(ESC);
    expect(
      (await runCli(["jobs", "get", "x"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } })).stderr,
    ).not.toContain(ESC);
  });
});

it("help, version and completion go to stdout", async () => {
  const [help, version, completion] = await Promise.all([
    runCli(["--help"]),
    runCli(["--version"]),
    runCli(["completion", "bash"]),
  ]);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain("lockstep demo --exit");
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(completion.stdout).toContain("complete -o default -F _lockstep lockstep");
});
