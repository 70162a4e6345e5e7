import { expect, it } from "vitest";
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
  expect(header).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  expect((await server.get("/api/jobs")).status).toBe(401);
  expect((await server.get("/api/jobs", { cookie })).status).toBe(200);
  expect((await server.get("/api/session", { cookie })).body).toEqual({
    needs_key: false,
    name: "operate key",
    role: "operate",
  });
  expect((await server.get("/api/session")).body).toEqual({ needs_key: true, name: null, role: null });
});

it("a write with a cookie must come from a page of this very server", async () => {
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

it("a role refuses what it does not hold, and a revoked key is signed out", async () => {
  const server = await startServer();
  const { cookie } = await signIn(server, "read");
  const submit = await server.post("/api/jobs", { kind: "noop", input: {} }, { cookie, origin: server.url });
  expect(submit.body).toMatchObject({ code: "FORBIDDEN" });
  const [key] = await server.keys.list();
  await server.keys.create({ name: "another", role: "admin" });
  await server.keys.revoke(key!.id);
  expect((await server.get("/api/jobs", { cookie })).status).toBe(401);
});

it("without any key, who is on this machine needs none, whatever an old cookie says", async () => {
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
