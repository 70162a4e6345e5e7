/** Lets what is under way end in order on SIGINT and SIGTERM. */
export function stopOnSignal(): { readonly signal: AbortSignal; ignore(): void } {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.on("SIGINT", abort).on("SIGTERM", abort);
  return { signal: stop.signal, ignore: () => void process.off("SIGINT", abort).off("SIGTERM", abort) };
}
