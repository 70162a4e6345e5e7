/** Why a store could not be asked. Drivers' errors name hosts and users, never passwords; an error of several addresses has no text of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  if (!(error instanceof Error)) return "for an unknown reason";
  // All that ioredis says of an address at which nobody listens.
  if (error.message === "Connection is closed.") return "Redis does not answer at its address";
  return (error.message || ("code" in error ? String(error.code) : error.name)).slice(0, 300);
}
