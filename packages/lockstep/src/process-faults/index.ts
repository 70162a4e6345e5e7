/**
 * Rejections and exceptions of the process that nobody waits for, and the handlers whose code
 * caused them. The worker enters a run for each handler; the owner of the process may watch it.
 */
export { type AttributedRun, attribute } from "./attribution.js";
export { type ProcessFaultsOptions, watchProcessFaults } from "./watch.js";
