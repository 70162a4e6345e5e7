import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Database, Queryable } from "../database/index.js";
import type { Hints, ReadyHint } from "./news.js";

const CHANNEL = "lockstep";
/** At most one NOTIFY in this time from one process: a NOTIFY takes a lock that all committers share. */
const NOTIFY_EVERY_MS = 20;
const READY_HINTS_MAX = 32;
const RECALL_HINTS_MAX = 64;

interface Message {
  /** The sender, who ignores the echo. */
  readonly from: string;
  readonly ready: readonly ReadyHint[];
  readonly recall: readonly string[];
}

/** Tells this process at once, and the others through NOTIFY, that something was committed. */
export interface HintBus extends Hints {
  announce(news: { readonly ready?: readonly ReadyHint[]; readonly recall?: string }): void;
  /** Sends with the caller's transaction: delivered at its commit, to this process too. */
  announceWith(tx: Pick<Queryable, "query">, ready: readonly ReadyHint[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens the bus. It listens from the first subscription on, and reconnects by itself. */
export function openHints(database: Database): HintBus {
  const me = randomUUID();
  const emitter = new EventEmitter().setMaxListeners(0);
  const outbox = createOutbox(database, me);
  let listening: Promise<(() => Promise<void>) | null> | null = null;

  const emit = (message: Pick<Message, "ready" | "recall">): void => {
    for (const hint of message.ready) emitter.emit("ready", hint);
    for (const jobId of message.recall) emitter.emit("recall", jobId);
    emitter.emit("change");
  };
  const receive = (payload: string | null): void => {
    // A gap in the connection, or a message that was cut: look everywhere.
    const message = payload === null ? null : parseMessage(payload);
    if (message?.from !== me) emit(message ?? { ready: [], recall: [] });
  };
  const subscribe = <T extends unknown[]>(event: string, listener: (...values: T) => void): (() => void) => {
    // Embedded, every writer is in this process.
    if (database.engine === "postgres") listening ??= database.listen(CHANNEL, receive).catch(() => null);
    emitter.on(event, listener);
    return () => emitter.off(event, listener);
  };

  return {
    onReady: (listener) => subscribe("ready", listener),
    onChange: (listener) => subscribe("change", listener),
    onRecall: (listener) => subscribe("recall", listener),
    announce(news) {
      const ready = news.ready ?? [];
      const recall = news.recall === undefined ? [] : [news.recall];
      emit({ ready, recall });
      if (database.engine === "postgres") outbox.add(ready, recall);
    },
    async announceWith(tx, ready) {
      await tx.query("select pg_notify($1, $2)", [
        CHANNEL,
        JSON.stringify({ from: "transaction", ready: ready.slice(0, READY_HINTS_MAX), recall: [] }),
      ]);
    },
    async close() {
      await outbox.close();
      await (await listening)?.();
      emitter.removeAllListeners();
    },
  };
}

function createOutbox(database: Database, me: string) {
  const ready = new Map<string, ReadyHint>();
  const recall = new Set<string>();
  let dirty = false;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<unknown> = Promise.resolve();

  const send = (): void => {
    dirty = false;
    const message: Message = { from: me, ready: [...ready.values()], recall: [...recall] };
    ready.clear();
    recall.clear();
    // A hint that cannot be sent is not missed: every reader also polls.
    sending = database
      .query("select pg_notify($1, $2)", [CHANNEL, JSON.stringify(message)])
      .catch(() => undefined);
    timer = setTimeout(() => {
      timer = null;
      if (dirty) send();
    }, NOTIFY_EVERY_MS);
  };

  return {
    add(hints: readonly ReadyHint[], recalls: readonly string[]): void {
      dirty = true;
      for (const hint of hints) if (ready.size < READY_HINTS_MAX) keepEarliest(ready, hint);
      for (const jobId of recalls) if (recall.size < RECALL_HINTS_MAX) recall.add(jobId);
      if (timer === null) send();
    },
    async close(): Promise<void> {
      if (timer) clearTimeout(timer);
      timer = null;
      if (dirty) send();
      if (timer) clearTimeout(timer);
      await sending;
    },
  };
}

function keepEarliest(hints: Map<string, ReadyHint>, hint: ReadyHint): void {
  const known = hints.get(hint.queue);
  if (!known || isEarlier(hint, known)) hints.set(hint.queue, hint);
}

function isEarlier(a: ReadyHint, b: ReadyHint): boolean {
  if (b.ready_at === null) return false;
  if (a.ready_at === null) return true;
  return a.priority !== b.priority ? a.priority < b.priority : a.ready_at < b.ready_at;
}

function parseMessage(payload: string): Message | null {
  try {
    const message = JSON.parse(payload) as Partial<Message>;
    return Array.isArray(message.ready) && Array.isArray(message.recall) ? (message as Message) : null;
  } catch {
    // Somebody else's payload on our channel: treated like a gap.
    return null;
  }
}
