import { describe, expect, it } from "vitest";
import { readServerEvents, type ServerEvent } from "./event-stream.js";

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function read(...texts: string[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readServerEvents(chunks(...texts))) events.push(event);
  return events;
}

describe("a stream of server-sent events", () => {
  it("yields each event once, wherever the network splits the bytes", async () => {
    const text = 'id: 1\nevent: transition\ndata: {"a":1}\n\nid: 2\nevent: progress\ndata: ü\n\n';
    const expected = [
      { event: "transition", data: '{"a":1}' },
      { event: "progress", data: "ü" },
    ];
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const parts = (async function* () {
        yield bytes.subarray(0, cut);
        yield bytes.subarray(cut);
      })();
      const events: ServerEvent[] = [];
      for await (const event of readServerEvents(parts)) events.push(event);
      expect(events).toEqual(expected);
    }
  });

  it("skips comments and blocks without data", async () => {
    expect(await read(": keep-alive\n\n", "event: nothing\n\n", "data: x\n\n")).toEqual([
      { event: "message", data: "x" },
    ]);
  });

  it("joins several data lines and keeps colons", async () => {
    expect(await read("data: a:b\ndata:c\n\n")).toEqual([{ event: "message", data: "a:b\nc" }]);
  });

  it("reports every id, even without an event, because the stream resumes after it", async () => {
    const ids: string[] = [];
    const events: ServerEvent[] = [];
    const body = chunks("retry: 2000\nid: 5\n\n", "id: 6\ndata: a\n\n", ": alive\nid: 9\n\n");
    for await (const event of readServerEvents(body, (id) => ids.push(id))) events.push(event);
    expect(ids).toEqual(["5", "6", "9"]);
    expect(events).toEqual([{ event: "message", data: "a" }]);
  });

  it("does not yield an incomplete event", async () => {
    expect(await read("data: whole\n\ndata: half")).toHaveLength(1);
  });
});
