/**
 * Metrics in the text format of Prometheus.
 *
 * Invariants. One registry per process; nothing global. This process's own work is counted where it
 * calls the ledger (`meter`): submits, settlements, waiting and running times, refused writes.
 * Events of the whole system are read from the feed, once each (`transitions`), at a scrape: so the
 * counts include changes by the sweeper, by other processes and by hand in psql, and cost nothing
 * while nobody scrapes. Depths and ages are read from the ledger at a scrape.
 *
 * A crash loses only the counts themselves, which begin at 0 again, as Prometheus expects of
 * counters. While the database is down a scrape is still answered, within seconds:
 * `lockstep_database_up` is 0, and values that only the ledger knows are omitted.
 */
export { exposeMetrics, type MetricsPort } from "./expose.js";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics.js";
