/**
 * How much longer everything may take than on a machine that is only busy, such as 5 under an
 * emulator.
 */
const patience = Number(process.env.LOCKSTEP_TEST_PATIENCE ?? 1);
if (!(patience >= 0.5)) throw new Error("LOCKSTEP_TEST_PATIENCE is a factor of at least 0.5, such as 3");

/**
 * When one wait counts as a hang. No test asserts a speed, so this is much longer than any correct
 * wait takes, even with six busy processes beside the tests.
 */
export const DEADLINE_MS = 120_000 * patience;

/**
 * When a test or a hook counts as a hang: after several waits, so that the error names the wait
 * that failed.
 */
export const TEST_DEADLINE_MS = 5 * DEADLINE_MS;
