import { get, type IncomingMessage } from "node:http";
import { afterEach, expect, it } from "vitest";
import {
  type Bench,
  completed,
  openBench,
  registerWorker,
  settlement,
} from "../../packages/lockstep/test/ledger/engines.js";
import { startServer } from "../../packages/server/test/start.js";
import { waitFor } from "../servers/wait-for.js";

const STREAMS = 1_000;
const JOBS = 200;
/** Submitted, claimed, completed. */
const TRANSITIONS = 3 * JOBS;

interface Stream {
  readonly response: IncomingMessage;
  /** "<job id> <version>" of each transition, once. */
  readonly seen: Set<string>;
}

const streams: Stream[] = [];
afterEach(() => {
  for (const { response } of streams.splice(0)) response.destroy();
});

async function openStream(url: string): Promise<Stream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/api/events?kind=noop`, { agent: false }, resolve).once("error", reject);
  });
  expect(response.statusCode).toBe(200);
  const seen = new Set<string>();
  let rest = "";
  response.setEncoding("utf8");
  response.on("The response is destroyed at the end of the test.", () => undefined); // It is destroyed at the end of the test.
  response.on("data", (text: string) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const match = /^event: transition\n.*"job_id":"([^"]+)","version":(\d+)/s.exec(block);
      if (match) seen.add(`${match[1]} ${match[2]}`);
    }
  });
  const stream = { response, seen };
  streams.push(stream);
  return stream;
}

/** Runs all pending jobs, as a worker would. */
async function runAll({ ledger }: Bench, workerId: string): Promise<string[]> {
  const expected: string[] = [];
  for (;;) {
    const claim = { worker_id: workerId, queue: "default", kinds: ["noop"], limit: 50, after: null };
    const { claimed } = await ledger.turn([], claim);
    if (claimed.length === 0) return expected;
    const { receipts } = await ledger.turn(
      claimed.map((job) => settlement(job, completed())),
      null,
    );
    expect(receipts.every((receipt) => receipt.result === "accepted")).toBe(true);
    for (const { id } of claimed) expected.push(`${id} 1`, `${id} 2`, `${id} 3`);
  }
}

it("a thousand streams on one server all get every transition of two hundred jobs", async () => {
  const bench = await openBench("postgres");
  const server = await startServer(bench);
  while (streams.length < STREAMS)
    await Promise.all(Array.from({ length: 50 }, () => openStream(server.url)));
  const worker = await registerWorker(bench);
  await bench.ledger.submitMany(Array.from({ length: JOBS }, () => ({ kind: "noop", input: {} })));
  const expected = await runAll(bench, worker);
  expect(expected).toHaveLength(TRANSITIONS);
  await waitFor(() => streams.every(({ seen }) => seen.size >= TRANSITIONS), {
    what: "every stream to have every transition",
    everyMs: 100,
  }).catch((error: unknown) => {
    const counts = streams.map(({ seen }) => seen.size);
    throw new Error(`the least has ${Math.min(...counts)} of ${TRANSITIONS}`, { cause: error });
  });
  for (const { seen } of streams) expect(expected.every((key) => seen.has(key))).toBe(true);
  expect(streams.every(({ response }) => !response.complete && !response.destroyed)).toBe(true);
  // The server answers meanwhile, and closes all of them when it closes.
  expect((await server.get("/health/ready")).status).toBe(200);
  await server.close();
  await waitFor(() => streams.every(({ response }) => response.destroyed || response.complete), {
    what: "every stream to end",
  });
});
