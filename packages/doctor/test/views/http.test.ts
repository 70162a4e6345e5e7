import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { jobOf, listed, openTestView, words } from "./open-view.js";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Starts an endpoint for a test. @returns its address with `{id}` */
async function startEndpoint(
  answer: (id: string, response: ServerResponse, request: IncomingMessage) => void,
) {
  const server = createServer((request, response) => {
    const id = decodeURIComponent((request.url ?? "").slice("/api/status/".length));
    answer(id, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/api/status/{id}`, origin: `http://127.0.0.1:${port}` };
}

const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

const open = (url: string, more: object = {}) =>
  openTestView({ type: "http", url, statuses: { Pending: "pending", Completed: "completed" }, ...more });

const notFound = (response: ServerResponse) => json(response, { error: "not found" }, 404);

describe("an endpoint that shows a status", () => {
  it("is asked for each job, whatever its id contains", async () => {
    const asked: string[] = [];
    const ids = ["a", "it's", "a/../b", "x?y#z", "\u001b[31m", "ünï ✓"];
    const { url } = await startEndpoint((id, response) => {
      asked.push(id);
      if (ids.includes(id)) json(response, { data: { state: "Pending" } });
      else notFound(response);
    });
    const view = open(url, { fields: { status: "data.state" } });
    await view.examine();
    expect(await words(view, [...ids, "nobody", ".."])).toEqual({
      ...Object.fromEntries(ids.map((id) => [id, "Pending"])),
      nobody: "absent",
      "..": "unknown",
    });
    expect(asked).not.toContain("..");
    expect(await listed(view)).toEqual({});
  });

  it("is asked with the configured headers, and shows results and times", async () => {
    const { url } = await startEndpoint((_id, response, request) => {
      if (request.headers.authorization !== "Bearer s3cret") return json(response, {}, 401);
      json(response, { status: "Completed", result: { n: 1 }, finished_at: "2026-01-01T00:00:00Z" });
    });
    const view = open(url, { headers: { Authorization: "Bearer s3cret" } });
    expect(await jobOf(view, "a")).toMatchObject({
      status: "completed",
      resultJson: '{"n":1}',
      finishedAt: "2026-01-01T00:00:00.000Z",
    });
    const failed = open(url).examine();
    await expect(failed).rejects.toMatchObject({
      code: "VIEW_UNREADABLE",
      message: expect.stringContaining("401"),
    });
    await expect(failed).rejects.not.toThrow(/s3cret/);
  });

  it("is never followed to another address", async () => {
    let isVisited = false;
    const other = await startEndpoint((_id, response) => {
      isVisited = true;
      json(response, { status: "Completed" });
    });
    const { url } = await startEndpoint((id, response) => {
      response.writeHead(302, { location: `${other.origin}/api/status/${id}` });
      response.end();
    });
    const answers = await open(url).summaries(["a"]);
    expect(answers.get("a")).toMatchObject({
      state: "unknown",
      of: "store",
      why: expect.stringContaining("redirect"),
    });
    expect(isVisited).toBe(false);
  });

  it("is unknown, never absent, when it is slow, disconnects or is down", async () => {
    const { url } = await startEndpoint((id, response) => {
      if (id === "slow") return;
      if (id === "half") {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"status":"Comp');
        setTimeout(() => response.destroy(), 20);
        return;
      }
      json(response, { status: "Completed" }, id === "down" ? 503 : 200);
    });
    const answers = await open(url, { timeout: "2s" }).summaries(["slow", "half", "down", "fine"]);
    for (const id of ["slow", "half", "down"])
      expect(answers.get(id)).toMatchObject({ state: "unknown", of: "store" });
    expect(answers.get("fine")).toMatchObject({ word: "Completed" });
  });

  it("counts answers that are not JSON or have no status as unknown values, and continues", async () => {
    const bodies: Record<string, string> = {
      html: "<html>",
      list: "[]",
      bare: "{}",
      large: `{"status":"${"x".repeat(1_100_000)}"}`,
      fine: '{"status":"Pending"}',
    };
    const { url } = await startEndpoint((id, response) => response.end(bodies[id] ?? "{}"));
    const answers = await open(url).summaries(Object.keys(bodies));
    for (const id of ["html", "list", "bare", "large"])
      expect(answers.get(id)).toMatchObject({ state: "unknown", of: "value" });
    expect(answers.get("fine")).toMatchObject({ status: "pending" });
  });

  it("is read up to one megabyte, and an answer of that size is accepted", async () => {
    const MEGABYTE = 1_048_576;
    let sent = 0;
    let isCut = false;
    const { url } = await startEndpoint((id, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const head = '{"status":"Completed","result":"';
      if (id === "fits") return void response.end(`${head}${"x".repeat(MEGABYTE - head.length - 2)}"}`);
      response.on("close", () => {
        isCut = true;
      });
      response.write(head);
      const more = () => {
        if (isCut || sent > 64 * MEGABYTE) return void response.end();
        sent += 65_536;
        if (response.write("x".repeat(65_536))) setImmediate(more);
        else response.once("drain", more);
      };
      more();
    });
    const view = open(url);
    const answers = await view.summaries(["fits", "endless"]);
    expect(answers.get("fits")).toMatchObject({ state: "value", word: "Completed" });
    expect(answers.get("endless")).toEqual({
      state: "unknown",
      of: "value",
      why: expect.stringContaining("over 1 MB"),
    });
    await waitFor(() => isCut, { what: "the connection to be cut" });
    expect(sent).toBeLessThan(32 * MEGABYTE);
  });

  it("counts as down after twenty failures in a row", async () => {
    let asked = 0;
    const { url } = await startEndpoint((_id, response) => {
      asked += 1;
      json(response, {}, 500);
    });
    const ids = Array.from({ length: 1_000 }, (_, index) => `job-${index}`);
    await expect(open(url).summaries(ids)).rejects.toMatchObject({ code: "VIEW_UNREADABLE" });
    expect(asked).toBeLessThan(40);
  });

  it("gets only a few requests at once", async () => {
    let now = 0;
    let most = 0;
    const { url } = await startEndpoint((_id, response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        json(response, { status: "Pending" });
      });
    });
    await open(url, { concurrency: 3 }).summaries(Array.from({ length: 60 }, (_, index) => `job-${index}`));
    expect(most).toBeLessThanOrEqual(3);
  });

  it("is unreadable when nothing listens at its address", async () => {
    await expect(open("http://127.0.0.1:1/api/status/{id}").examine()).rejects.toMatchObject({
      code: "VIEW_UNREADABLE",
    });
  });
});
