import { waitFor } from "../../../tests/servers/wait-for.js";

export interface StreamEvent {
  readonly event: string;
  readonly id: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: an event is looked into freely by the tests
  readonly data: any;
}

export interface EventClient {
  readonly events: readonly StreamEvent[];
  readonly headers: Headers;
  /** As a browser keeps it: the id of the last event, or of a block without data. */
  lastEventId(): string | null;
  ended(): boolean;
  /** Whether the stream ended with its connection, not in order. */
  wasCut(): boolean;
  /** Waits for an event that the function accepts. */
  next(accepts: (event: StreamEvent) => boolean, what: string): Promise<StreamEvent>;
  close(): void;
}

/** Reads an event stream as a browser does. */
export async function openEvents(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
  const gone = new AbortController();
  const response = await fetch(url, { headers, signal: gone.signal });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const parser = createParser();
  let [ended, wasCut] = [false, false];
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? [])
      parser.take(decoder.decode(chunk as Uint8Array, { stream: true }));
  })();
  reading
    .catch(() => {
      wasCut = true;
    })
    .finally(() => {
      ended = true;
    });
  return {
    events: parser.events,
    headers: response.headers,
    lastEventId: () => parser.lastEventId,
    ended: () => ended,
    wasCut: () => wasCut,
    next: (accepts, what) => waitFor(() => parser.events.find(accepts), { what }),
    close: () => gone.abort(),
  };
}

interface Parser {
  readonly events: StreamEvent[];
  lastEventId: string | null;
  /** Parses text of the stream as it arrives. */
  take(text: string): void;
}

export function createParser(): Parser {
  let rest = "";
  const parser: Parser = {
    events: [],
    lastEventId: null,
    take(text) {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) takeBlock(parser, block);
    },
  };
  return parser;
}

function takeBlock(parser: Parser, block: string): void {
  const fields = new Map(
    block.split("\n").map((line) => [line.split(":", 1)[0] ?? "", line.slice(line.indexOf(":") + 2)]),
  );
  const id = fields.get("id") ?? null;
  if (id !== null) parser.lastEventId = id;
  const data = fields.get("data");
  if (data !== undefined)
    parser.events.push({ event: fields.get("event") ?? "message", id, data: JSON.parse(data) });
}
