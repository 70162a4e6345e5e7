/**
 * The HTTP API: jobs, their history, events, files, queues, workers, keys and health, for programs and for the page.
 *
 * Nothing here decides a status. A route checks who asks and what they send, calls the ledger, and answers with what
 * the ledger committed. Everything that is refused is refused before the ledger is called, with a problem document
 * that points at the fault, and every limit on a body, a wait, a stream and a page is stated in its file. The server
 * keeps no state a crash could lose.
 */
export type { RunningServer } from "./create-server.js";
export { createServer } from "./create-server.js";
export type { MetricsText, ServerOptions } from "./server-context.js";
export { openService, type ServerStart, type Service, type WorkerStart } from "./service.js";
