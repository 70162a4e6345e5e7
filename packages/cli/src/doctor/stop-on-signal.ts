/** Aborts a signal on SIGINT and SIGTERM, so that current work ends cleanly. */
export function stopOnSignal(): { readonly signal: AbortSignal; ignore(): void } {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.on("SIGINT", abort).on("SIGTERM", abort);
  return { signal: stop.signal, ignore: () => void process.off("SIGINT", abort).off("SIGTERM", abort) };
}
