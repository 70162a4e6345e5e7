/**
 * Metrics in the text format of Prometheus.
 *
 * What is true. One registry a process; nothing global. What this process does it counts where it calls the ledger (`meter`):
 * submits, settlements, waiting and running times, refused writes. What happened in the whole system it reads from the
 * feed, once each (`transitions`), when it is scraped: so the counts include what the sweeper, another process and a
 * hand in psql did, and cost nothing while nobody looks. Depths and ages are asked of the ledger at a scrape.
 *
 * In a crash nothing is lost but the counts themselves, which begin at 0 again, as Prometheus expects of counters.
 * While the database is away a scrape is still answered, within seconds: `lockstep_database_up` is 0, and what only the
 * ledger knows is left out.
 */
export { exposeMetrics, type MetricsPort } from "./expose.js";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics.js";
