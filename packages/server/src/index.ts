/**
 * The HTTP API: jobs, their history, events, files, queues, workers, keys and health, for programs
 * and for the page.
 *
 * Nothing here decides a status. A route checks the caller and the request, calls the ledger, and
 * answers with what the ledger committed. Invalid requests are rejected before the ledger is
 * called, with a problem document that points at the issue. Every limit on a body, a wait, a stream
 * and a page is stated in its file. The server keeps no state that a crash could lose.
 */
export type { RunningServer } from "./create-server.js";
export { createServer } from "./create-server.js";
export type { MetricsText, ServerOptions } from "./server-context.js";
export { openService, type ServerStart, type Service, type WorkerStart } from "./service.js";
