import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { type Bench, openBench, submitNoop } from "../../lockstep/test/ledger/engines.js";
import { EventHub, type EventHubOptions } from "../src/events/index.js";
import { openEvents } from "./event-client.js";

const opened: { hub: EventHub; server: Server }[] = [];
afterEach(async () => {
  for (const { hub, server } of opened.splice(0)) {
    await hub.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** The hub alone behind a plain server, so that its limits can be small. */
async function serveHub(
  bench: Bench,
  options: EventHubOptions,
  isAllowed: () => Promise<boolean> = async () => true,
): Promise<string> {
  const hub = new EventHub(bench.ledger, options);
  const filter = { jobs: null, kinds: new Set(["noop"]), statuses: null };
  const server = createServer((request, response) => {
    const lastEventId = request.headers["last-event-id"];
    const place = typeof lastEventId === "string" ? lastEventId : null;
    const begin = () => void response.writeHead(200);
    hub
      .open({ response, filter, lastEventId: place, begin, isAllowed })
      .catch((error: { code: string; httpStatus: number }) => {
        response.writeHead(error.httpStatus).end(error.code);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({ hub, server });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it("a heartbeat moves the resume position past what the filter left out", async () => {
  const bench = await openBench("postgres");
  const client = await openEvents(await serveHub(bench, { heartbeatMs: 50 }));
  const begin = await waitFor(() => client.lastEventId(), { what: "the place the stream begins at" });
  await bench.ledger.submit({ kind: "other", input: {} });
  await waitFor(() => client.lastEventId() !== begin, { what: "the place to move" });
  expect(client.events).toEqual([]);
  client.close();
});

it("a stream whose key was revoked ends; one whose key cannot be checked continues", async () => {
  const bench = await openBench("postgres");
  let answer: () => Promise<boolean> = () => Promise.reject(new Error("the database is down"));
  let asked = 0;
  const isAllowed = () => {
    asked += 1;
    return answer();
  };
  const client = await openEvents(await serveHub(bench, { heartbeatMs: 20 }, isAllowed));
  await waitFor(() => asked > 2, { what: "some heartbeats" });
  expect(client.ended()).toBe(false);
  answer = async () => false;
  await waitFor(() => client.ended(), { what: "the end" });
});

it("streams above the limit are refused until one is closed", async () => {
  const bench = await openBench("postgres");
  const url = await serveHub(bench, { streamsMax: 2 });
  const first = await openEvents(url);
  const second = await openEvents(url);
  await expect(openEvents(url)).rejects.toThrow("503: OVERLOADED");
  first.close();
  const third = await waitFor(() => openEvents(url).catch(() => null), { what: "a place" });
  second.close();
  third.close();
});

it("nothing is read from the feed while nobody listens, and everything once there is a listener", async () => {
  const bench = await openBench("postgres");
  let reads = 0;
  const feed = {
    ...bench.ledger.feed,
    read: (...given: Parameters<typeof bench.ledger.feed.read>) => {
      reads += 1;
      return bench.ledger.feed.read(...given);
    },
  };
  const url = await serveHub({ ...bench, ledger: { ...bench.ledger, feed } }, {});
  await submitNoop(bench);
  expect(reads).toBe(0);
  for (let round = 0; round < 5; round++) {
    const client = await openEvents(url);
    const job = await submitNoop(bench);
    await client.next(({ data }) => data.job_id === job.id, "the transition");
    client.close();
  }
  const before = reads;
  const idle = await waitFor(
    async () => {
      const now = reads;
      await bench.ledger.stats();
      return reads === now;
    },
    { what: "the tail to stop" },
  );
  expect(idle && reads >= before).toBe(true);
});

it("a position inside a long range of the feed leaves out nothing that was committed after the range", async () => {
  const bench = await openBench("postgres");
  const { feed } = bench.ledger;
  const start = await feed.now();
  await bench.ledger.submitMany(Array.from({ length: 700 }, () => ({ kind: "noop", input: {} })));
  const page = await feed.read(start, 500);
  expect(page?.more).toBe(true);
  const after = await submitNoop(bench);
  const client = await openEvents(await serveHub(bench, {}), { "last-event-id": page?.position ?? "" });
  await client.next(({ data }) => data.job_id === after.id, "what was committed after the span");
  expect(client.events).toHaveLength(201);
  client.close();
});
