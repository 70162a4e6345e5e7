import type { Job, Transition } from "../api/client.js";
import type { ProgressReport } from "./version-store.js";

/** How changes currently reach the page. */
export type LiveState = "connecting" | "live" | "reconnecting" | "polling";

export interface StreamFilter {
  readonly job?: string;
  readonly kind?: string;
}

export interface StreamListener {
  onState(state: LiveState): void;
  onChange(transition: Transition & { as_of: string }): void;
  onJob(job: Job): void;
  onProgress(report: ProgressReport): void;
  /** Changes before this point may be missing, so the shown data must be read again. */
  onReset(): void;
}

const BACKOFF_MS = [500, 1_000, 2_000, 5_000];
/** After this many failed attempts the page polls for changes. */
const TRIES_BEFORE_POLLING = 3;

/**
 * The event stream of this tab. It resumes where it was cut, and retries for as long as the page is
 * open. A browser's EventSource stops permanently at the first response that is not a stream, such
 * as 503.
 */
export class EventStream {
  readonly #listener: StreamListener;
  #filter: StreamFilter = {};
  #source: EventSource | null = null;
  #lastEventId = "";
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: LiveState = "connecting";

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  /** Follows what the page shows now. The resume position is the same for every filter. */
  follow(filter: StreamFilter): void {
    if (this.#source && sameFilter(filter, this.#filter)) return;
    this.#filter = filter;
    this.#connect();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #connect(): void {
    this.close();
    const query = new URLSearchParams({ ...this.#filter });
    if (this.#lastEventId) query.set("last_event_id", this.#lastEventId);
    const source = new EventSource(`/api/events?${query.toString()}`);
    this.#source = source;
    source.onopen = () => {
      this.#tries = 0;
      this.#enter("live");
    };
    source.onerror = () => this.#onCut();
    this.#listen(source);
  }

  #listen(source: EventSource): void {
    const on = <Data>(name: string, take: (data: Data) => void) =>
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (event.lastEventId) this.#lastEventId = event.lastEventId;
        take(JSON.parse(event.data) as Data);
      });
    on<Transition & { as_of: string }>("transition", (data) => this.#listener.onChange(data));
    on<Job>("job", (data) => this.#listener.onJob(data));
    on<ProgressReport>("progress", (data) => this.#listener.onProgress(data));
    on("reset", () => this.#listener.onReset());
  }

  #onCut(): void {
    this.#source?.close();
    this.#source = null;
    const wait = BACKOFF_MS[Math.min(this.#tries, BACKOFF_MS.length - 1)];
    this.#tries += 1;
    this.#enter(this.#tries > TRIES_BEFORE_POLLING ? "polling" : "reconnecting");
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #enter(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.onState(state);
  }
}

function sameFilter(one: StreamFilter, other: StreamFilter): boolean {
  return one.job === other.job && one.kind === other.kind;
}
