import { describe, expect, it } from "vitest";
import { createStartGate } from "./start-gate.js";

const reason = () => new Error("closed");

/** A start that waits until it is released. */
function slowStart() {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { release, start: () => released.then(() => "started") };
}

describe("a start gate", () => {
  it("returns what a start returns", async () => {
    expect(await createStartGate({ reason }).run(async () => 1)).toBe(1);
  });

  it("closes only when the starts in progress have ended, and refuses them and later ones", async () => {
    const gate = createStartGate({ reason });
    const slow = slowStart();
    const run = gate.run(slow.start);
    const refused = expect(run).rejects.toThrow("closed");
    let closed = false;
    const closing = gate.close().then(() => {
      closed = true;
    });
    await expect(gate.run(async () => 1)).rejects.toThrow("closed");
    expect(closed).toBe(false);
    slow.release();
    await Promise.all([refused, closing]);
    expect(closed).toBe(true);
  });

  it("aborts the signal of a start when it is closed, or when the outer signal is aborted", async () => {
    for (const how of ["close", "outer signal"]) {
      const outer = new AbortController();
      const gate = createStartGate({ reason, signal: outer.signal });
      const run = gate.run(
        (stopping) =>
          new Promise((_, reject) => stopping.addEventListener("abort", () => reject(stopping.reason))),
      );
      if (how === "close") void gate.close();
      else outer.abort();
      await expect(run).rejects.toThrow("closed");
    }
  });

  it("is closed from the beginning when the outer signal is aborted already", async () => {
    const gate = createStartGate({ reason, signal: AbortSignal.abort() });
    await expect(gate.run(async () => 1)).rejects.toThrow("closed");
  });

  it("closes although a start fails, whose caller receives the error", async () => {
    const gate = createStartGate({ reason });
    const run = gate.run(async () => {
      throw new Error("no port");
    });
    await Promise.all([expect(run).rejects.toThrow("no port"), gate.close()]);
  });
});
