/**
 * The reason why a store could not be read. Drivers' errors contain hosts and users, never
 * passwords; an error for several addresses has no text of its own.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  if (!(error instanceof Error)) return "for an unknown reason";
  // The only message of ioredis when nothing listens at the address.
  if (error.message === "Connection is closed.") return "Redis does not answer at its address";
  return (error.message || ("code" in error ? String(error.code) : error.name)).slice(0, 300);
}
