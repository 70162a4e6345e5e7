import { connect } from "node:net";
import { expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { submitNoop } from "../../lockstep/test/ledger/engines.js";
import { createLongWaits } from "../src/long-waits.js";
import { startServer } from "./start.js";

it("closing the server answers held requests, and refuses later ones", async () => {
  const server = await startServer();
  const job = await submitNoop(server.bench);
  const { ledger } = server.bench;
  let held = 0;
  const { wait } = ledger;
  const { onReady } = ledger.wakeUps;
  const count = <Given extends unknown[], Result>(call: (...given: Given) => Result) => {
    return (...given: Given) => {
      held += 1;
      return call(...given);
    };
  };
  Object.assign(ledger, { wait: count(wait) });
  Object.assign(ledger.wakeUps, { onReady: count(onReady) });
  const waits = ["jobs", "status"].map((path) => server.get(`/api/${path}/${job.id}?wait=60`));
  const worker = (await server.post("/api/workers", { name: "w", kinds: ["noop"], queues: ["other"] })).body
    .id;
  const claim = server.post(`/api/workers/${worker}/claim`, { wait: 30 });
  // A connection that a browser opens in advance, on which no request ever comes.
  const spare = connect(Number(new URL(server.url).port), "127.0.0.1");
  await new Promise((resolve) => spare.once("connect", resolve));
  await waitFor(() => held >= 3, { what: "all three to be held" });
  await Promise.all([server.close(), server.close()]);
  // If close waited for them, it would cut them off in the end.
  for (const answer of await Promise.all(waits))
    expect(answer).toMatchObject({ status: 200, body: { status: "pending" } });
  expect(await claim).toMatchObject({ status: 200, body: { jobs: [] } });
  await expect(server.get("/health/live")).rejects.toThrow();
  spare.destroy();
});

it("the number of held requests never exceeds the limit", async () => {
  const waits = createLongWaits({ heldMax: 1 });
  const response = { once: () => undefined, off: () => undefined } as never;
  let release: () => void = () => undefined;
  const held = waits.hold(
    response,
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  await expect(waits.hold(response, async () => 1)).rejects.toMatchObject({
    code: "OVERLOADED",
    httpStatus: 503,
    retryAfterSeconds: 5,
  });
  release();
  await held;
  expect(await waits.hold(response, async () => 1)).toBe(1);
  waits.close();
  await expect(waits.hold(response, async () => 1)).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
});
