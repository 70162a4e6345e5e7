import { createHash } from "node:crypto";
import { openDatabase } from "lockstep/internal/database";
import { migrate, openLedger } from "lockstep/internal/ledger";
import { expect, it } from "vitest";
import { startPostgres } from "../../../tests/servers/database.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { submitNoop } from "../../lockstep/test/ledger/engines.js";
import type { ServerOptions } from "../src/index.js";
import { startServer } from "./start.js";

type Server = Awaited<ReturnType<typeof startServer>>;

async function signIn(server: Server, role: "read" | "operate"): Promise<{ cookie: string; header: string }> {
  const { token } = await server.keys.create({ name: `${role} key`, role });
  const { status, headers } = await server.post("/api/session", { key: token }, { origin: server.url });
  expect(status).toBe(200);
  const header = headers.get("set-cookie") ?? "";
  return { cookie: header.split(";")[0]!, header };
}

it("a key becomes a cookie that no script can read and no other site can send", async () => {
  const server = await startServer();
  const { cookie, header } = await signIn(server, "operate");
  expect(header).toMatch(/^lockstep_session=ls_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect((await server.get("/api/jobs")).status).toBe(401);
  expect((await server.get("/api/jobs", { cookie })).status).toBe(200);
  expect((await server.get("/api/session", { cookie })).body).toEqual({
    needs_key: false,
    name: "operate key",
    role: "operate",
  });
  expect((await server.get("/api/session")).body).toEqual({ needs_key: true, name: null, role: null });
});

it("a write with a cookie must come from a page of this same server", async () => {
  const server = await startServer();
  const { cookie } = await signIn(server, "operate");
  const write = (headers: Record<string, string>) =>
    server.post("/api/jobs", { kind: "noop", input: {} }, { cookie, ...headers });
  expect((await write({ origin: server.url })).status).toBe(202);
  for (const headers of [
    {},
    { origin: "null" },
    { origin: "http://evil.example" },
    { origin: "http://127.0.0.1:1" },
  ])
    expect((await write(headers)).body, JSON.stringify(headers)).toMatchObject({ code: "ORIGIN_REFUSED" });
  expect((await server.post("/api/session", { key: "x" }, { origin: "http://evil.example" })).status).toBe(
    403,
  );
  expect((await server.call("DELETE", "/api/session", { headers: { cookie } })).status).toBe(403);
});

it("a role forbids everything it does not include, and a session whose key was revoked ends", async () => {
  const server = await startServer();
  const { cookie } = await signIn(server, "read");
  const submit = await server.post("/api/jobs", { kind: "noop", input: {} }, { cookie, origin: server.url });
  expect(submit.body).toMatchObject({ code: "FORBIDDEN" });
  const [key] = await server.keys.list();
  await server.keys.create({ name: "another", role: "admin" });
  await server.keys.revoke(key!.id);
  expect((await server.get("/api/jobs", { cookie })).status).toBe(401);
});

it("a key is not valid as a cookie, and a session is not valid as a key", async () => {
  const server = await startServer();
  const { token } = await server.keys.create({ name: "one", role: "read" });
  const { cookie } = await signIn(server, "read");
  expect((await server.get("/api/jobs", { cookie: `lockstep_session=${token}` })).status).toBe(401);
  const secret = cookie.split("=")[1]!;
  expect((await server.get("/api/jobs", { authorization: `Bearer ${secret}` })).status).toBe(401);
  const { rows } = await server.bench.database.query<{ hash: Buffer }>(
    "select hash from lockstep.api_sessions",
  );
  expect(rows.map(({ hash }) => Buffer.from(hash).toString("hex"))).toEqual([
    createHash("sha256").update(secret).digest("hex"),
  ]);
});

it("after signing out the old cookie is not valid either, and behind TLS the cookie goes to no other server", async () => {
  const server = await startServer();
  const { cookie } = await signIn(server, "read");
  expect((await server.get("/api/jobs", { cookie })).status).toBe(200);
  const out = await server.call("DELETE", "/api/session", { headers: { cookie, origin: server.url } });
  expect(out.headers.get("set-cookie")).toMatch(/^lockstep_session=;.*Max-Age=0$/);
  expect((await server.get("/api/jobs", { cookie })).status).toBe(401);
  const { token } = await server.keys.create({ name: "tls", role: "read" });
  const origin = server.url.replace("http:", "https:");
  const { headers } = await server.post("/api/session", { key: token }, { origin });
  expect(headers.get("set-cookie")).toMatch(/; Secure$/);
});

it("a session ends when its time is over", async () => {
  const server = await startServer();
  const { cookie } = await signIn(server, "read");
  await server.bench.database.query("update lockstep.api_sessions set expires_at = clock_timestamp()");
  expect((await server.get("/api/jobs", { cookie })).status).toBe(401);
});

it("an outage of the database does not end a session, and copies can still be read", async () => {
  const postgres = await startPostgres();
  const database = await openDatabase({ url: postgres.url });
  await migrate(database);
  const bench = { database, ledger: openLedger(database), url: postgres.url };
  const job = await submitNoop(bench);
  const copy = { state: "hit", job: { ...job, source: "cache", as_of: new Date().toISOString() } } as const;
  const cache = { get: async (id: string) => (id === job.id ? copy : { state: "unknown" }) };
  const server = await startServer(bench, { cache: cache as NonNullable<ServerOptions["cache"]> });
  const { cookie } = await signIn(server, "read");
  expect((await server.get(`/api/jobs/${job.id}`, { cookie })).body).toMatchObject({ source: "ledger" });
  await postgres.stop();
  const read = () => server.get(`/api/jobs/${job.id}`, { cookie });
  await waitFor(async () => (await read()).body.source === "cache", { what: "a cached read" });
  expect((await server.get("/api/session", { cookie })).body).toMatchObject({ role: "read" });
  const other = "lockstep_session=ls_".padEnd(63, "x");
  expect((await server.get(`/api/jobs/${job.id}`, { cookie: other })).status).toBe(503);
  await postgres.start();
  await server.close();
  await bench.ledger.close();
  await database.close();
  await postgres.remove();
});

it("without any key, a user of this machine needs none, whatever an old cookie says", async () => {
  const server = await startServer();
  const cookie = "lockstep_session=lk_old";
  expect((await server.get("/api/session", { cookie })).body).toMatchObject({
    needs_key: false,
    role: "admin",
  });
  expect((await server.get("/api/jobs", { cookie })).status).toBe(200);
  const wrong = await server.post("/api/session", { key: "lk_wrong" }, { origin: server.url });
  expect(wrong.body).toMatchObject({ code: "UNAUTHORIZED" });
});
