import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Database, Queryable } from "../database/index.js";
import type { ReadyWakeUp, WakeUps } from "./feed-event.js";
import { createWakeUpBuffer, READY_WAKE_UPS_MAX, type WakeUpMessage } from "./wake-up-buffer.js";
import { notifyChannel, notifyTransport, type WakeUpTransport } from "./wake-up-transport.js";

/**
 * Notifies this process at once, and the others through the transport, that something was
 * committed.
 */
export interface WakeUpBus extends WakeUps {
  announce(message: { readonly ready?: readonly ReadyWakeUp[]; readonly stopRequest?: string }): void;
  /** Sends within the caller's transaction: delivered when it commits, to this process too. */
  announceWith(tx: Pick<Queryable, "query">, ready: readonly ReadyWakeUp[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the bus. It listens from the first subscription on and reconnects by itself. It listens on
 * the transport, and always also on NOTIFY, which announces a job that was submitted in the
 * caller's own transaction.
 */
export function openWakeUpBus(database: Database, transport?: WakeUpTransport): WakeUpBus {
  const me = randomUUID();
  const emitter = new EventEmitter().setMaxListeners(0);
  const notify = notifyTransport(database);
  const buffer = createWakeUpBuffer(transport ?? notify, me);
  let listening: Promise<(() => Promise<void>)[]> | null = null;

  const emit = (message: Pick<WakeUpMessage, "ready" | "stopRequest">): void => {
    for (const wakeUp of message.ready) emitter.emit("ready", wakeUp);
    for (const jobId of message.stopRequest) emitter.emit("stopRequest", jobId);
    emitter.emit("change");
  };
  const receive = (payload: string | null): void => {
    // A gap in the connection, or a message that was cut: scan everything.
    const message = payload === null ? null : parseMessage(payload);
    if (message?.from !== me) emit(message ?? { ready: [], stopRequest: [] });
  };
  const listen = async (): Promise<(() => Promise<void>)[]> => {
    const heard = [notify, ...(transport ? [transport] : [])].map((each) => each.subscribe(receive));
    const started = await Promise.allSettled(heard);
    return started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  };
  const subscribe = <T extends unknown[]>(event: string, listener: (...values: T) => void): (() => void) => {
    // With the embedded database, every writer is in this process.
    if (database.engine === "postgres") listening ??= listen();
    emitter.on(event, listener);
    return () => emitter.off(event, listener);
  };

  return {
    onReady: (listener) => subscribe("ready", listener),
    onChange: (listener) => subscribe("change", listener),
    onStopRequest: (listener) => subscribe("stopRequest", listener),
    announce(message) {
      const ready = message.ready ?? [];
      const stopRequest = message.stopRequest === undefined ? [] : [message.stopRequest];
      emit({ ready, stopRequest });
      if (database.engine === "postgres") buffer.add(ready, stopRequest);
    },
    async announceWith(tx, ready) {
      await tx.query("select pg_notify($1, $2)", [
        notifyChannel(database),
        JSON.stringify({ from: "transaction", ready: ready.slice(0, READY_WAKE_UPS_MAX), stopRequest: [] }),
      ]);
    },
    async close() {
      await buffer.close();
      await Promise.all(((await listening) ?? []).map((stop) => stop()));
      emitter.removeAllListeners();
    },
  };
}

function parseMessage(payload: string): WakeUpMessage | null {
  try {
    const { from, ready, stopRequest } = JSON.parse(payload) as Partial<Record<keyof WakeUpMessage, unknown>>;
    if (typeof from !== "string" || !Array.isArray(ready) || !Array.isArray(stopRequest)) return null;
    return ready.every(isReadyWakeUp) && stopRequest.every((id) => typeof id === "string")
      ? { from, ready, stopRequest }
      : null;
  } catch {
    // An unknown payload on our channel: treated like a gap.
    return null;
  }
}

function isReadyWakeUp(value: unknown): value is ReadyWakeUp {
  const { queue, priority, ready_at } = (value ?? {}) as Partial<Record<keyof ReadyWakeUp, unknown>>;
  return (
    typeof queue === "string" &&
    typeof priority === "number" &&
    (ready_at === null || typeof ready_at === "string")
  );
}
