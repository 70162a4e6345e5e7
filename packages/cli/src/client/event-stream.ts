/**
 * One message of a stream of server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

const EVENT_CHARACTERS_MAX = 4_194_304;

/**
 * Reads the events from a response body as they arrive. It does not use `eventsource-parser`,
 * because that does not report the id of a block without data, and a quiet stream resumes after
 * such an id.
 * @param onId called with each new id, even if no event comes with it
 * @throws RangeError when one event is larger than 4 MiB
 */
export async function* readServerEvents(
  body: AsyncIterable<Uint8Array>,
  onId: (id: string) => void = () => undefined,
): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let buffered = "";
  for await (const chunk of body) {
    buffered += decoder.decode(chunk, { stream: true });
    if (buffered.length > EVENT_CHARACTERS_MAX) throw new RangeError("an event of the stream is over 4 MiB");
    const blocks = buffered.split(/\r\n\r\n|\n\n|\r\r/);
    buffered = blocks.pop() ?? "";
    for (const block of blocks) {
      const { id, event, data } = parseBlock(block);
      if (id !== null) onId(id);
      if (data !== null) yield { event, data };
    }
  }
}

function parseBlock(block: string) {
  let id: string | null = null;
  let event = "message";
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "id" && !value.includes("\u0000")) id = value;
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return { id, event, data: data.length === 0 ? null : data.join("\n") };
}
