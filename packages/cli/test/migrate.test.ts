import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../tests/servers/database.js";
import { postgresPrograms } from "../../../tests/servers/programs.js";
import { runCli, temporaryFolder } from "./run-cli.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: FreshDatabase;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const migrate = (...args: string[]) =>
  runCli(["migrate", ...args], { cwd: folder.path, env: { DATABASE_URL: database.url } });

async function query(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return (await client.query(text).finally(() => client.end())).rows;
}

function psql(script: string): void {
  const args = ["-v", "ON_ERROR_STOP=1", "-q", "-o", "/dev/null", database.url];
  execFileSync(join(postgresPrograms(), "psql"), args, { input: script, stdio: ["pipe", "ignore", "pipe"] });
}

const schemas = () =>
  query("select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' order by 1");

describe.each(["lockstep", "jobs_of_shop"])("lockstep migrate in the schema %s", (schema) => {
  it("--sql prints a script, changes nothing, and psql makes a schema of it that is up to date", async () => {
    const { code, stdout, stderr } = await migrate("--sql", "--schema", schema);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await schemas()).toEqual([{ nspname: "public" }]);
    psql(stdout);
    expect(await schemas()).toEqual([{ nspname: schema }, { nspname: "public" }].sort(byName));
    expect((await migrate("--schema", schema)).stdout).toBe("The schema is up to date.\n");
    expect(await migrate("--sql", "--schema", schema)).toMatchObject({ stdout: "", code: 0 });
  });

  it("--sql of a schema that is behind prints only what is missing", async () => {
    await migrate("--schema", schema);
    await query(
      `update ${schema}.function_files set checksum = 'old' where name in ('turn.sql', 'refuse.sql')`,
    );
    const { stdout } = await migrate("--sql", "--schema", schema);
    const created = [...stdout.matchAll(/^create (?:function|table) (\S+?)[ (]/gm)].map(([, name]) => name);
    expect(created).toEqual([`${schema}.refuse`, `${schema}.turn`]);
    psql(stdout);
    expect((await migrate("--schema", schema)).stdout).toBe("The schema is up to date.\n");
  });

  it("--dry-run names the files that would be applied, and changes nothing", async () => {
    const { code, stdout } = await migrate("--dry-run", "--schema", schema);
    expect(code).toBe(0);
    expect(stdout).toContain(`In the schema ${schema} these files would be applied:\n  0001_schema.sql\n`);
    expect(await schemas()).toEqual([{ nspname: "public" }]);
    const { would_apply } = JSON.parse((await migrate("--dry-run", "--json", "--schema", schema)).stdout);
    const { applied } = JSON.parse((await migrate("--json", "--schema", schema)).stdout);
    expect(would_apply).toEqual(applied);
    expect((await migrate("--dry-run", "--schema", schema)).stdout).toBe("The schema is up to date.\n");
  });
});

const byName = (a: { nspname: string }, b: { nspname: string }) => (a.nspname < b.nspname ? -1 : 1);

describe("lockstep migrate without a database", () => {
  it.each(["--sql", "--dry-run"])(
    "%s prints what a new embedded one needs, and makes no folder",
    async (flag) => {
      const { code, stdout } = await runCli(["migrate", flag], { cwd: folder.path });
      expect(code).toBe(0);
      expect(stdout).toContain(flag === "--sql" ? "create schema lockstep;" : "0001_schema.sql");
      expect(existsSync(join(folder.path, ".lockstep"))).toBe(false);
    },
  );
});

it("--sql and --dry-run together are refused", async () => {
  expect((await migrate("--sql", "--dry-run")).code).toBe(64);
});
