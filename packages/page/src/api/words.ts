/**
 * The values that the page shares with the server, imported from their definitions. These files
 * import nothing, so no server code comes with them.
 */
export { isTerminal, LIVE_STATUSES, STATUSES, TERMINAL_STATUSES } from "../../../lockstep/src/job/status.js";
export { grants, type Role } from "../../../lockstep/src/keys/role.js";
