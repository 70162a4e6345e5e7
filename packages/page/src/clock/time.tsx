import { useSyncExternalStore } from "react";
import { serverClock } from "./server-clock.js";
import { absoluteText, agoText, momentText, spanText } from "./span.js";

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let second = Math.floor(Date.now() / TICK_MS);
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    second = Math.floor(Date.now() / TICK_MS);
    for (const one of listeners) one();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * The server's time now, in milliseconds; the component rerenders every second, by one timer for
 * the whole page.
 */
export function useNow(): number {
  useSyncExternalStore(subscribe, () => second);
  return serverClock.now();
}

/** When something happened, as "12 s ago", with the exact moment in the tooltip. */
export function Ago({ at, fallback = "–" }: { at: string | null | undefined; fallback?: string }) {
  const now = useNow();
  if (!at) return <span className="dim">{fallback}</span>;
  return (
    <time dateTime={at} title={absoluteText(at)}>
      {agoText(at, now)}
    </time>
  );
}

/** A moment in the reader's time zone, with the exact moment in the tooltip. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={absoluteText(at)}>
      {momentText(at)}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Lasted({ from, to }: { from: string | null | undefined; to: string | null | undefined }) {
  const now = useNow();
  if (!from) return <span className="dim">–</span>;
  const milliseconds = (to ? Date.parse(to) : now) - Date.parse(from);
  return (
    <span title={`${absoluteText(from)} to ${to ? absoluteText(to) : "now"}`}>{spanText(milliseconds)}</span>
  );
}
