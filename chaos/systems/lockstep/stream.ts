import { request } from "undici";
import type { ShownStatus } from "../../history/events.js";
import { clockMs, type Recorder } from "../../history/recorder.js";

const SILENCE_MS_MAX = 20_000;
const RETRY_MS = 300;

/**
 * Follows every change of status as a browser does: it reconnects after each break with the last id
 * it got.
 */
export class StreamClient {
  readonly #name: string;
  readonly #api: () => string;
  readonly #recorder: Recorder;
  readonly #stop = new AbortController();
  #lastId: string | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(name: string, api: () => string, recorder: Recorder) {
    this.#name = name;
    this.#api = api;
    this.#recorder = recorder;
  }

  start(): void {
    this.#ended = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#listen().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #listen(): Promise<void> {
    const { statusCode, body } = await request(`${this.#api()}/api/events`, {
      signal: this.#stop.signal,
      headersTimeout: SILENCE_MS_MAX,
      bodyTimeout: SILENCE_MS_MAX,
      ...(this.#lastId === null ? {} : { headers: { "last-event-id": this.#lastId } }),
    });
    if (statusCode !== 200) {
      await body.dump();
      return;
    }
    let rest = "";
    for await (const piece of body.setEncoding("utf8") as AsyncIterable<string>) {
      const frames = (rest + piece).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) this.#take(frame);
    }
  }

  #take(frame: string): void {
    const fields = new Map<string, string>();
    for (const line of frame.split("\n")) {
      const colon = line.indexOf(": ");
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
    }
    const event = fields.get("event");
    if (event === "reset") this.#recorder.add({ e: "stream-reset", at: clockMs(), client: this.#name });
    if (event === "transition") {
      const { job_id, version, status } = JSON.parse(fields.get("data") ?? "{}") as {
        job_id: string;
        version: number;
        status: ShownStatus;
      };
      this.#recorder.add({ e: "stream", at: clockMs(), client: this.#name, id: job_id, version, status });
    }
    this.#lastId = fields.get("id") ?? this.#lastId;
  }
}
