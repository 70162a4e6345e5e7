import { request } from "node:http";
import { newId } from "lockstep/internal/job";
import { createKeyStore, grants, ROLES, type Role } from "lockstep/internal/keys";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { openBench } from "../../lockstep/test/ledger/engines.js";
import { documentOf } from "./api-document.js";
import { createClient } from "./client.js";
import { startServer } from "./start.js";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** `fetch` sets Host and forbids Origin, so this makes the request by hand. */
function ask(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; code?: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => {
        text += String(chunk);
      });
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, code: (JSON.parse(text) as { code: string }).code }),
      );
    });
    sent.on("error", reject).end();
  });
}

describe("keys", () => {
  it("are not needed on loopback until the first is made, and after that by everyone", async () => {
    const server = await startServer();
    expect((await server.get("/api/jobs")).status).toBe(200);
    const made = await (await server.as("admin")).post("/api/keys", { name: "ops", role: "admin" });
    expect(made).toMatchObject({
      status: 201,
      body: { name: "ops", role: "admin", token: expect.stringMatching(/^lk_[\w-]{43}$/) },
    });
    const without = await server.get("/api/jobs");
    expect(without).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
    expect(without.headers.get("www-authenticate")).toBe("Bearer");
    const headers = bearer(made.body.token);
    expect((await server.get("/api/jobs", headers)).status).toBe(200);
    for (const wrong of [
      "Bearer lk_x",
      `Bearer ${made.body.token}x`,
      `Basic ${made.body.token}`,
      "",
      "Bearer ",
    ])
      expect((await server.get("/api/jobs", { authorization: wrong })).status, wrong).toBe(401);
    for (const open of ["/health/live", "/health/ready", "/", "/openapi.json", "/docs/"])
      expect((await server.get(open)).status, open).toBe(200);
  });

  it("cannot be created without a key over HTTP, not even the first", async () => {
    const server = await startServer();
    const refused = await server.post("/api/keys", { name: "ops", role: "admin" });
    expect(refused).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
    expect(refused.body.detail).toContain("lockstep keys create");
    expect(await server.keys.list()).toEqual([]);
    const rows = await server.bench.database.query("select id from api_keys");
    expect(rows.rows).toEqual([]);
  });

  it("stay needed after the last one was revoked, also in a process that starts later", async () => {
    const server = await startServer();
    const { id, token } = await server.keys.create({ name: "last", role: "admin" });
    expect((await server.get("/api/jobs")).status).toBe(401);
    await server.keys.revoke(id);
    const later = await startServer(server.bench);
    for (const { get, post } of [server, later]) {
      expect((await get("/api/jobs")).status).toBe(401);
      expect((await get("/api/jobs", bearer(token))).status).toBe(401);
      expect((await post("/api/keys", { name: "again", role: "admin" })).status).toBe(401);
      expect((await get("/api/session")).body).toEqual({ needs_key: true, name: null, role: null });
    }
    const again = await server.keys.create({ name: "again", role: "read" });
    expect((await server.get("/api/jobs", bearer(again.token))).status).toBe(200);
  });

  it("are stored as hashes only, and are the actor of the changes they make", async () => {
    const server = await startServer();
    const body = await server.keys.create({ name: "ci", role: "submit" });
    const kept = await server.bench.database.query<{ row: string }>(
      "select to_jsonb(api_keys)::text as row from lockstep.api_keys",
    );
    expect(kept.rows).toHaveLength(1);
    expect(kept.rows[0]?.row).not.toContain(body.token.slice(3));
    const job = await server.post("/api/jobs", { kind: "noop" }, bearer(body.token));
    expect(job.body.actor).toBe("api:ci");
    const admin = await server.as("admin");
    expect(JSON.stringify((await admin.get("/api/keys")).body)).not.toMatch(/lk_|hash|token/);
  });

  it("stop working at once where they were revoked, and within seconds elsewhere", async () => {
    const server = await startServer();
    const admin = await server.as("admin");
    const { body: key } = await admin.post("/api/keys", { name: "gone", role: "read" });
    const elsewhere = createKeyStore(server.bench.database);
    expect(await elsewhere.verify(key.token)).toMatchObject({ name: "gone" });
    expect((await server.get("/api/jobs", bearer(key.token))).status).toBe(200);
    const revoked = await admin.call("DELETE", `/api/keys/${key.id}`);
    expect(revoked).toMatchObject({ status: 200, body: { revoked_at: expect.any(String) } });
    expect((await admin.call("DELETE", `/api/keys/${key.id}`)).body).toEqual(revoked.body);
    expect((await server.get("/api/jobs", bearer(key.token))).status).toBe(401);
    await waitFor(async () => (await elsewhere.verify(key.token)) === null, {
      what: "the other process to notice",
    });
    for (const id of [newId(), "x"])
      expect(await admin.call("DELETE", `/api/keys/${id}`)).toMatchObject({
        status: 404,
        body: { code: "KEY_NOT_FOUND" },
      });
  });

  it("reject names that could be taken for something else", async () => {
    const server = await startServer();
    const admin = await server.as("admin");
    for (const name of ["", " x", "a\nb", "x".repeat(101), "<b>"])
      expect([400, 422], name).toContain((await admin.post("/api/keys", { name, role: "read" })).status);
    expect((await admin.post("/api/keys", { name: "x", role: "root" })).status).toBe(400);
    expect((await admin.get("/api/keys")).body.keys).toMatchObject([{ name: "admin key" }]);
  });
});

describe("roles", () => {
  it("open exactly the routes that the document lists, for every role and every route", async () => {
    const server = await startServer();
    const { openapi } = await documentOf(server.url);
    const clients = await Promise.all(ROLES.map(async (role) => [role, await server.as(role)] as const));
    for (const [template, operations] of Object.entries(openapi.paths)) {
      const path = template.replace("{name}", "x").replace(/\{\w+\}/g, newId());
      for (const [method, operation] of Object.entries(operations)) {
        const needed = operation["x-role"] as Role | "public";
        if (needed === "public" || template === "/api/events") continue;
        for (const [held, client] of clients) {
          const { status } = await client.call(method.toUpperCase(), path);
          expect(status === 403, `${held} ${method} ${template}`).toBe(!grants(held, needed));
        }
      }
    }
  });
});

describe("a request without a key", () => {
  it("must name this server as Host, against DNS rebinding", async () => {
    const server = await startServer("postgres", { allowedHosts: ["Jobs.example.org"] });
    const { port } = new URL(server.url);
    const get = (host: string) => ask(server.url, "GET", "/api/jobs", { host });
    for (const host of ["evil.org", `evil.org:${port}`, "127.0.0.1:1", `127.0.0.1.evil.org:${port}`])
      expect(await get(host), host).toEqual({ status: 403, code: "ORIGIN_REFUSED" });
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "jobs.example.org"])
      expect((await get(host)).status, host).toBe(200);
    const { token } = await server.keys.create({ name: "a", role: "read" });
    const answer = await ask(server.url, "GET", "/api/jobs", { host: "evil.org", ...bearer(token) });
    expect(answer.status).toBe(200);
  });

  it("must not have come through a proxy", async () => {
    const server = await startServer();
    const forwarded = [
      { forwarded: "for=192.0.2.1" },
      { via: "1.1 proxy" },
      { "x-forwarded-for": "192.0.2.1" },
      { "X-Forwarded-Proto": "https" },
      { "x-forwarded-host": "" },
    ];
    for (const headers of forwarded) {
      const name = JSON.stringify(headers);
      const refused = await server.get("/api/jobs", headers);
      expect(refused, name).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
      expect(refused.body.detail, name).toContain("proxy");
      expect((await server.get("/api/session", headers)).body.needs_key, name).toBe(true);
      expect((await server.get("/health/live", headers)).status, name).toBe(200);
    }
    expect((await server.get("/api/jobs")).status).toBe(200);
    const { token } = await server.keys.create({ name: "a", role: "read" });
    for (const headers of forwarded)
      expect((await server.get("/api/jobs", { ...headers, ...bearer(token) })).status).toBe(200);
  });

  it("must not come from another site's page when it writes", async () => {
    const server = await startServer();
    const { body: job } = await server.post("/api/jobs", { kind: "noop" });
    const cancel = (origin: string) => ask(server.url, "POST", `/api/jobs/${job.id}/cancel`, { origin });
    for (const origin of ["https://evil.org", "null", "http://localhost:1", "http://127.0.0.1.evil.org"])
      expect(await cancel(origin), origin).toEqual({ status: 403, code: "ORIGIN_REFUSED" });
    expect((await server.get(`/api/jobs/${job.id}`)).body.status).toBe("pending");
    expect((await cancel(server.url)).status).toBe(200);
  });
});

describe("listening on an address other than loopback", () => {
  it("is refused without an active key, and then every request needs one", async () => {
    const bench = await openBench("postgres");
    await expect(startServer(bench, { host: "0.0.0.0" })).rejects.toMatchObject({
      code: "PUBLIC_WITHOUT_KEY",
    });
    const keys = createKeyStore(bench.database);
    const { token, id } = await keys.create({ name: "only", role: "admin" });
    const server = await startServer(bench, { host: "0.0.0.0", keys });
    const client = createClient(server.url.replace("0.0.0.0", "127.0.0.1"));
    expect((await client.get("/api/jobs")).status).toBe(401);
    expect((await client.get("/api/jobs", bearer(token))).status).toBe(200);
    await keys.revoke(id);
    expect((await client.get("/api/jobs")).status).toBe(401);
  });
});

it("the log has who requested what and the result, and no secret, input or query", async () => {
  const server = await startServer();
  const client = await server.as("admin");
  await client.post("/api/jobs", { kind: "echo", input: { text: "topsecret-input" } });
  await client.get("/api/jobs?q=topsecret-query");
  await client.post("/api/jobs", { kind: "echo", input: { text: 7, topsecret: 1 } });
  const line = await waitFor(() => server.log().find((entry) => entry.status === 422), {
    what: "the last request's line",
  });
  expect(line).toMatchObject({
    method: "POST",
    route: "/api/jobs",
    ms: expect.any(Number),
    request_id: expect.any(String),
  });
  expect(JSON.stringify(server.log())).not.toMatch(/topsecret|lk_|Bearer/);
});
