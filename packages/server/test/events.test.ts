import { connect } from "node:net";
import { newId } from "lockstep/internal/job";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import {
  type Bench,
  claim,
  claimOne,
  completed,
  ENGINES,
  failed,
  registerWorker,
  settle,
  submitNoop,
} from "../../lockstep/test/ledger/engines.js";
import { type EventClient, openEvents, type StreamEvent } from "./event-client.js";
import { startMaintenance, startServer } from "./start.js";

const versionsOf = (client: EventClient, job: string) =>
  client.events
    .filter(({ event, data }) => event === "transition" && data.job_id === job)
    .map(({ data }) => data.version);
const isVersion = (job: string, version: number) => (event: StreamEvent) =>
  event.event === "transition" && event.data.job_id === job && event.data.version === version;

describe.each(ENGINES)("the event stream on %s", (engine) => {
  it("shows every transition as it is committed, with where and when it was read", async () => {
    const { url, bench } = await startServer(engine);
    const client = await openEvents(`${url}/api/events`);
    expect(client.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(client.headers.get("x-accel-buffering")).toBe("no");
    expect(client.headers.get("cache-control")).toBe("no-store");
    expect(client.headers.get("x-content-type-options")).toBe("nosniff");
    const job = await submitNoop(bench);
    await settle(bench, await claimOne(bench, await registerWorker(bench)), completed());
    const last = await client.next(isVersion(job.id, 3), "the last transition");
    expect(versionsOf(client, job.id)).toEqual([1, 2, 3]);
    expect(last).toMatchObject({
      id: expect.any(String),
      data: {
        status: "completed",
        kind: "noop",
        queue: "default",
        source: "ledger",
        as_of: expect.any(String),
      },
    });
    client.close();
  });

  it("skips no version for clients whose connection is cut again and again while jobs change", async () => {
    const { url, bench } = await startServer(engine);
    const seen = new Set<string>();
    let wanted = null as string[] | null;
    let cuts = 0;
    let lastEventId = await bench.ledger.feed.now();
    const reading = (async () => {
      while (wanted === null || wanted.some((key) => !seen.has(key))) {
        const client = await openEvents(`${url}/api/events`, { "last-event-id": lastEventId });
        const enough = () => client.events.length > (cuts * 7) % 40 || wanted !== null;
        await waitFor(enough, { what: "some events", everyMs: 1 });
        // This stream was opened before the wanted id was known, so it may have no events left.
        const isDone = () => wanted?.every((key) => seen.has(key)) ?? false;
        if (wanted) await waitFor(() => client.events.length > 0 || isDone(), { what: "the rest" });
        expect(client.events.filter(({ event }) => event === "reset")).toEqual([]);
        for (const { data } of client.events) seen.add(`${data.job_id} ${data.version}`);
        lastEventId = client.lastEventId() ?? lastEventId;
        client.close();
        cuts += 1;
      }
    })();
    const jobs = await churn(bench, () => cuts > 5);
    const transitions = (await Promise.all(jobs.map((id) => bench.ledger.transitions(id)))).flat();
    wanted = transitions.map(({ job_id, version }) => `${job_id} ${version}`);
    await reading;
    expect(wanted.length).toBeGreaterThan(200);
    expect(cuts).toBeGreaterThan(5);
  });

  it("resumes a filtered stream from a position that is far behind because of its filter", async () => {
    const { url, bench } = await startServer(engine);
    const job = await submitNoop(bench);
    const first = await openEvents(`${url}/api/events?job=${job.id}`);
    await first.next(({ event }) => event === "job", "the snapshot");
    const place = first.lastEventId();
    first.close();
    await bench.ledger.submitMany(
      Array.from({ length: 3_000 }, () => ({ kind: "noop", input: {}, queue: "other" })),
    );
    await bench.ledger.cancel(job.id, { actor: "test" });
    const again = await openEvents(`${url}/api/events?job=${job.id}`, { "last-event-id": place ?? "" });
    await again.next(isVersion(job.id, 2), "the missed transition");
    expect(again.events[0]).toMatchObject({ event: "job", data: { id: job.id, status: "cancelled" } });
    expect(versionsOf(again, job.id)).toEqual([2]);
    again.close();
  });
});

/**
 * Moves many jobs through all their transitions, from several workers at once, until there were
 * enough.
 */
async function churn(bench: Bench, enough: () => boolean): Promise<string[]> {
  const jobs: string[] = [];
  const loops = Array.from({ length: 4 }, async () => {
    const worker = await registerWorker(bench);
    for (let round = 0; round < 10 || (!enough() && round < 500); round++) {
      for (let n = 0; n < 2; n++) jobs.push((await submitNoop(bench)).id);
      const claimed = await claim(bench, worker, 2);
      // The embedded engine answers without ever yielding to the event loop, so sockets would never
      // be read.
      await new Promise(setImmediate);
      for (const job of claimed) await settle(bench, job, round % 3 ? completed() : failed(null));
    }
  });
  await Promise.all(loops);
  return jobs;
}

describe("a stream of one job", () => {
  it("begins with the job as it is, followed by its transitions and its progress", async () => {
    const { url, bench } = await startServer();
    const worker = await registerWorker(bench);
    const job = await submitNoop(bench, { input: { a: 1 } });
    const client = await openEvents(`${url}/api/events?job=${job.id}`);
    const claimed = await claimOne(bench, worker);
    await client.next(isVersion(job.id, 2), "the claim");
    expect(client.events[0]).toMatchObject({
      event: "job",
      data: { id: job.id, version: 1, input: { a: 1 }, source: "ledger" },
    });
    for (const fraction of [0.25, 0.75]) {
      await bench.ledger.report(worker, [
        { job_id: job.id, attempt: 1, progress: { fraction, message: "on" }, logs: [] },
      ]);
      const event = await client.next(
        ({ event, data }) => event === "progress" && data.progress.fraction === fraction,
        "progress",
      );
      expect(event).toMatchObject({
        id: null,
        data: { job_id: job.id, status: "running", version: 2, source: "ledger" },
      });
    }
    await submitNoop(bench);
    await settle(bench, claimed, completed());
    await client.next(isVersion(job.id, 3), "the end");
    expect(new Set(client.events.map(({ data }) => data.job_id ?? data.id))).toEqual(new Set([job.id]));
    client.close();
  });

  it("is refused with a problem document when there is no such job", async () => {
    const server = await startServer();
    for (const id of [newId(), "x"])
      expect(await server.get(`/api/events?job=${id}`)).toMatchObject({
        status: 404,
        body: { code: "JOB_NOT_FOUND" },
      });
    expect((await server.get("/api/events?status=done")).status).toBe(400);
  });
});

it("filters by kind, status and several jobs", async () => {
  const { url, bench } = await startServer();
  const worker = await registerWorker(bench);
  const [a, b, c] = [await submitNoop(bench), await submitNoop(bench), await submitNoop(bench)];
  const narrow = await openEvents(
    `${url}/api/events?job=${a.id},${b.id}&kind=noop&status=completed&status=failed`,
  );
  const other = await openEvents(`${url}/api/events?kind=other`);
  for (const job of await claim(bench, worker, 3)) await settle(bench, job, completed());
  await narrow.next(isVersion(b.id, 3), "the second job's end");
  expect(
    narrow.events
      .filter(({ event }) => event === "transition")
      .map(({ data }) => [data.job_id, data.version]),
  ).toEqual([
    [a.id, 3],
    [b.id, 3],
  ]);
  expect(versionsOf(narrow, c.id)).toEqual([]);
  expect(other.events).toEqual([]);
  narrow.close();
  other.close();
});

describe("a client that cannot get the events it missed receives reset", () => {
  it("for a position that does not belong to this ledger, and continues from now", async () => {
    const { url, bench } = await startServer();
    const job = await submitNoop(bench);
    for (const position of ["unknown", `${newId()}/1:1:`, "x".repeat(5_000)]) {
      const client = await openEvents(`${url}/api/events?job=${job.id}`, { "last-event-id": position });
      const reset = await client.next(({ event }) => event === "reset", "the reset");
      expect(reset.data.why).toBe("unknown_position");
      await waitFor(() => client.events.length >= 3, { what: "the job again" });
      expect(client.events.map(({ event }) => event)).toEqual(["job", "reset", "job"]);
      const next = await openEvents(`${url}/api/events`, { "last-event-id": client.lastEventId() ?? "" });
      await submitNoop(bench);
      await next.next(({ event }) => event === "transition", "what comes after");
      expect(next.events[0]?.event).toBe("transition");
      client.close();
      next.close();
    }
  });

  it("when it is more than ten thousand events behind", async () => {
    const { url, bench } = await startServer();
    const place = await bench.ledger.feed.now();
    for (let n = 0; n < 2; n++)
      await bench.ledger.submitMany(Array.from({ length: 5_001 }, () => ({ kind: "noop", input: {} })));
    const client = await openEvents(`${url}/api/events`, { "last-event-id": place });
    expect((await client.next(({ event }) => event === "reset", "the reset")).data.why).toBe(
      "too_far_behind",
    );
    const job = await submitNoop(bench);
    await client.next(isVersion(job.id, 1), "what comes after");
    client.close();
  });

  it("when it does not read, and its connection is closed", async () => {
    const { url, bench } = await startServer();
    await startMaintenance(bench);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${new URL(url).port}\r\nConnection: close\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    const worker = await registerWorker(bench);
    await submitNoop(bench, { max_attempts: 100 });
    for (let n = 0; n < 40; n++) {
      const job = await waitFor(() => claimOne(bench, worker).catch(() => null), {
        what: "the next attempt",
      });
      await settle(bench, job, failed(0, "x".repeat(500_000)));
    }
    let unread = "";
    let ended = false;
    socket.setEncoding("utf8").on("data", (text) => {
      unread += String(text);
    });
    socket.once("close", () => {
      ended = true;
    });
    socket.resume();
    await waitFor(() => ended, { what: "the server to let go" });
    expect(unread.length).toBeLessThan(15_000_000);
    expect(unread).toContain('event: reset\ndata: {"why":"slow_reader"');
  });
});

it("streams end when the server closes, and no new one begins", async () => {
  const server = await startServer();
  const clients = await Promise.all(Array.from({ length: 20 }, () => openEvents(`${server.url}/api/events`)));
  await server.close();
  await waitFor(() => clients.every((client) => client.ended()), { what: "every stream to end" });
  expect(clients.filter((client) => client.wasCut())).toEqual([]);
  await expect(openEvents(`${server.url}/api/events`)).rejects.toThrow();
});
