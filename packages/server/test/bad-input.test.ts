import { connect } from "node:net";
import { newId } from "lockstep/internal/job";
import { beforeEach, describe, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import type { Answer } from "./client.js";
import { startServer, type TestServer } from "./start.js";

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});

const JSON_TYPE = { "content-type": "application/json" };
const sendText = (raw: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
  server.call("POST", "/api/jobs", { raw, headers });
const nested = (depth: number) => `{"kind":"anything","input":${"[".repeat(depth)}${"]".repeat(depth)}}`;
const pointers = (answer: Answer) => answer.body.errors.map((issue: { pointer: string }) => issue.pointer);

/** Expects a problem document with this code, the pointer, and nothing recorded. */
async function expectRefused(answer: Answer, code: string, pointer?: string): Promise<void> {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ code, status: answer.status, type: `/docs/errors#${code}` });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"));
  if (pointer !== undefined) expect(pointers(answer)).toContain(pointer);
  expect((await server.get("/api/jobs")).body.jobs).toEqual([]);
}

describe("a job is rejected with a pointer, and nothing is recorded, for", () => {
  it("an unknown kind", async () => {
    await expectRefused(await server.post("/api/jobs", { kind: "nope", input: {} }), "UNKNOWN_KIND", "/kind");
  });

  it("an input that fails its schema, with all its faults", async () => {
    const answer = await server.post("/api/jobs", { kind: "echo", input: { n: "x", more: 1 } });
    await expectRefused(answer, "INVALID_INPUT");
    expect(pointers(answer).sort()).toEqual(["/input/more", "/input/n", "/input/text"]);
  });

  it("a NUL byte, in a value or a name", async () => {
    const value = await sendText('{"kind":"anything","input":{"a":["x\\u0000y"]}}');
    await expectRefused(value, "INVALID_INPUT", "/input/a/0");
    const name = await sendText('{"kind":"anything","input":{"a\\u0000":1}}');
    await expectRefused(name, "INVALID_INPUT");
  });

  it("a lone surrogate", async () => {
    const answer = await sendText('{"kind":"anything","input":{"a":"x\\ud800"}}');
    await expectRefused(answer, "INVALID_INPUT", "/input/a");
  });

  it("nesting over 100 levels, and far over", async () => {
    expect((await sendText(nested(100))).status).toBe(202);
    for (const depth of [102, 110, 1_000_000]) {
      const answer = await sendText(nested(depth));
      expect(answer.body.errors[0].detail).toContain("nested deeper than 100");
      expect(answer.body.errors[0].pointer).toMatch(/^\/input(\/0){100,110}$/);
      expect(answer.status).toBeLessThan(500);
    }
    expect((await server.get("/api/jobs")).body.jobs).toHaveLength(1);
  });

  it("an input over 1 MiB", async () => {
    const answer = await server.post("/api/jobs", { kind: "anything", input: { a: "x".repeat(1_048_577) } });
    await expectRefused(answer, "INVALID_INPUT", "/input");
  });

  it("a body over the route's limit", async () => {
    const answer = await server.post("/api/jobs", { kind: "anything", input: "x".repeat(5_000_000) });
    await expectRefused(answer, "BODY_TOO_LARGE");
    expect(answer.status).toBe(413);
  });

  it("a number that would be rounded, instead of rounding it", async () => {
    const answer = await sendText('{"kind":"anything","input":{"id":[1,9007199254740993]}}');
    await expectRefused(answer, "INVALID_REQUEST", "/input/id/1");
    await expectRefused(
      await sendText('{"kind":"anything","input":{"x":1e999}}'),
      "INVALID_REQUEST",
      "/input/x",
    );
  });

  it("a name given twice, and __proto__", async () => {
    await expectRefused(
      await sendText('{"kind":"noop","input":{"a":1,"a":2}}'),
      "INVALID_REQUEST",
      "/input/a",
    );
    const proto = await sendText('{"kind":"anything","input":{"__proto__":{"admin":true}}}');
    await expectRefused(proto, "INVALID_REQUEST", "/input/__proto__");
  });

  it("a body that is not JSON, not UTF-8, not an object, or empty", async () => {
    for (const raw of ['{"kind":', "{'kind':1}", "NaN", '{"kind":"noop"} x', "\u0000"])
      await expectRefused(await sendText(raw), "INVALID_REQUEST", "");
    const latin1 = Buffer.from('{"kind":"noop","input":{"a":"\xe9"}}', "latin1");
    await expectRefused(await sendText(latin1), "INVALID_REQUEST", "");
    for (const raw of ["[]", "null", '"x"', "7"])
      await expectRefused(await sendText(raw), "INVALID_REQUEST", "");
    await expectRefused(await sendText(""), "INVALID_REQUEST", "");
  });

  it("an error never repeats the body", async () => {
    const answer = await sendText('{"kind":"noop","input":{"password":"hunter2"');
    expect(JSON.stringify(answer.body)).not.toContain("hunter2");
  });

  it("another content type", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonp",
      "text/json",
    ]) {
      const answer = await sendText('{"kind":"noop"}', { "content-type": type });
      await expectRefused(answer, "UNSUPPORTED_MEDIA_TYPE");
      expect(answer.status).toBe(415);
    }
    const form = new FormData();
    form.set("kind", "noop");
    await expectRefused(await server.call("POST", "/api/jobs", { raw: form }), "UNSUPPORTED_MEDIA_TYPE");
  });

  it("fields that are unknown or out of range", async () => {
    const fields: [string, unknown][] = [
      ["uniqueKey", "x"],
      ["priority", 40_000],
      ["priority", 1.5],
      ["queue", "No Queue"],
      ["run_at", "tomorrow"],
      ["run_at", "0000-01-01T00:00:00Z"],
      ["run_at", "2030-01-01T00:00:00+23:00"],
      ["max_attempts", 0],
      ["timeout_ms", -1],
      ["unique_key", ""],
      ["unique_key", "a\u0000"],
      ["unique_key", "x".repeat(256)],
    ];
    for (const [name, value] of fields)
      await expectRefused(
        await server.post("/api/jobs", { kind: "noop", [name]: value }),
        "INVALID_REQUEST",
        `/${name}`,
      );
    const tags = await server.post("/api/jobs", { kind: "noop", tags: ["ok", "\ud800"] });
    await expectRefused(tags, "INVALID_REQUEST", "/tags/1");
    const key = await server.post("/api/jobs", { kind: "noop" }, { "idempotency-key": "x".repeat(256) });
    await expectRefused(key, "INVALID_REQUEST", "/idempotency-key");
    expect(key.body.errors[0].in).toBe("header");
  });
});

describe("a request is rejected for", () => {
  it("a query that is unknown, out of range or cannot be stored", async () => {
    const queries = [
      "statuses=failed",
      "status=done",
      "limit=0",
      "limit=1001",
      "limit=x",
      "kind=%00",
      "q=a%00b",
      "cursor=x",
      "created_after=now",
    ];
    for (const query of queries) {
      const answer = await server.get(`/api/jobs?${query}`);
      await expectRefused(answer, "INVALID_REQUEST");
    }
    expect((await server.get("/api/jobs?limit=0")).body.errors[0]).toMatchObject({
      in: "query",
      pointer: "/limit",
    });
  });

  it("an address that does not exist, or a method it does not have", async () => {
    await expectRefused(await server.get("/api/nothing"), "NOT_FOUND");
    await expectRefused(await server.get("/api/jobs/%zz"), "INVALID_REQUEST");
    const answer = await server.call("DELETE", "/api/jobs");
    await expectRefused(answer, "METHOD_NOT_ALLOWED");
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, POST");
    expect((await server.call("OPTIONS", "/api/events")).headers.get("allow")).toBe("GET");
  });

  it("a malformed id, without asking the database", async () => {
    const asked: string[] = [];
    const { database } = server.bench;
    const query = database.query.bind(database);
    database.query = ((statement, values) => {
      asked.push(typeof statement === "string" ? statement : statement.text);
      return query(statement, values);
    }) as typeof database.query;
    const ids = ["1", "x'--", "%00", "..%2f..", "0199f0e0-0000-7000-8000-00000000000g", "a".repeat(599)];
    for (const id of ids) {
      for (const path of [
        `/api/jobs/${id}`,
        `/api/status/${id}`,
        `/api/jobs/${id}/transitions`,
        `/api/jobs/${id}/explain`,
      ])
        expect(await server.get(path)).toMatchObject({ status: 404, body: { code: "JOB_NOT_FOUND" } });
      expect(await server.post(`/api/jobs/${id}/cancel`)).toMatchObject({ status: 404 });
      expect(await server.post(`/api/workers/${id}/claim`, {})).toMatchObject({
        status: 404,
        body: { code: "WORKER_NOT_FOUND" },
      });
    }
    expect(asked.filter((text) => !text.includes("api_keys"))).toEqual([]);
    await server.get(`/api/jobs/${newId()}`);
    expect(asked.some((text) => text.includes("from lockstep.jobs"))).toBe(true);
    database.query = query;
  });

  it("bytes that are not HTTP", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let heard = "";
    socket.setEncoding("utf8").on("data", (text) => {
      heard += String(text);
    });
    socket.write("HELLO\r\n\r\n");
    await waitFor(() => heard.includes('"code":"INVALID_REQUEST"'), { what: "a problem document" });
    expect(heard).toContain("HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json");
    socket.destroy();
  });
});

it("an omitted body counts as empty, which is enough where no member is required", async () => {
  const { body: worker } = await server.post("/api/workers", { name: "py", kinds: ["anything"] });
  expect(await server.post(`/api/workers/${worker.id}/claim`)).toMatchObject({
    status: 200,
    body: { jobs: [] },
  });
  expect((await server.post(`/api/workers/${worker.id}/heartbeat`)).body.code).toBe("INVALID_REQUEST");
});
