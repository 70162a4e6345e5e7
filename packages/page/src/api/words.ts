/**
 * The words that the page shares with the server, from where they are defined. These files import nothing, so no code of the server
 * comes with them.
 */
export { isTerminal, LIVE_STATUSES, STATUSES, TERMINAL_STATUSES } from "../../../lockstep/src/job/status.js";
export { grants, type Role } from "../../../lockstep/src/keys/role.js";
