import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../tests/servers/database.js";
import { runCli, startUp, temporaryFolder } from "./run-cli.js";

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

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli(args, { cwd: folder.path, env: { DATABASE_URL: database.url, ...env } });

async function schemas(): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    "select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' order by 1",
  );
  await client.end();
  return rows.map(({ nspname }) => nspname);
}

/** `lockstep up` for the ledger of a schema. */
function upIn(schema: string) {
  const env = { DATABASE_URL: database.url, LOCKSTEP_SCHEMA: schema, LOCKSTEP_SCAN_ROOTS: folder.path };
  return startUp(join(folder.path, schema), { cwd: folder.path, env });
}

describe("the schema of the ledger on the command line", () => {
  it("two ledgers in one database do not see each other", async () => {
    const [shop, lab] = await Promise.all([upIn("shop"), upIn("lab")]);
    const scanned = await run(["scan", "code", "--wait", "--json"], shop.env);
    expect(JSON.parse(scanned.stdout)).toMatchObject({ status: "completed" });
    const { id } = JSON.parse(scanned.stdout);
    expect((await run(["jobs", "get", id], lab.env)).code).toBe(1);
    expect(JSON.parse((await run(["jobs", "list", "--json"], lab.env)).stdout).jobs).toEqual([]);
    expect(JSON.parse((await run(["workers", "list", "--json"], lab.env)).stdout).workers).toHaveLength(1);
    expect(await schemas()).toEqual(["lab", "public", "shop"]);
    expect(await Promise.all([shop.end("SIGTERM"), lab.end("SIGTERM")])).toEqual([0, 0]);
  });

  it.each([["migrate"], ["archive", "--older-than", "1d"], ["keys", "create", "me"], ["doctor", "check"]])(
    "lockstep %s works in the schema of --schema",
    async (...args) => {
      const schema = `of_${args[0]}`;
      if (args[0] === "doctor") expect((await run(["migrate", "--schema", schema])).code).toBe(0);
      const { code, stderr } = await run([...args, "--schema", schema]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(await schemas()).toContain(schema);
      expect(await schemas()).not.toContain("lockstep");
    },
  );

  it("the doctor reads the ledger of the given schema, and says when that schema has no ledger", async () => {
    const { code, stderr, stdout } = await run(["doctor", "check", "--schema", "nowhere"]);
    expect({ code, said: stderr + stdout }).toMatchObject({
      code: 1,
      said: expect.stringContaining("no Lockstep ledger in the schema nowhere"),
    });
  });

  it("a view of the doctor names the schema of its own ledger", async () => {
    const view = (schema: string) => ({ type: "ledger", url: database.url, schema });
    const config = { record: "a", views: { a: view("nowhere"), b: view("elsewhere") } };
    await writeFile(join(folder.path, "doctor.json"), JSON.stringify(config));
    const { code, stderr } = await run(["doctor", "check", "--config", "doctor.json", "--schema", "other"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no Lockstep ledger in the schema (no|else)where/);
  });

  it.each(["up", "server", "worker", "migrate", "demo", "archive"])(
    "%s refuses a name that needs quotes, with exit code 64",
    async (command) => {
      const { code, stderr } = await run([command, "--schema", "Not a name"]);
      expect(code).toBe(64);
      expect(stderr).toContain("--schema must be a name that SQL takes without quotes");
    },
  );
});
