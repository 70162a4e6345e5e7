/** How much longer everything may take than on a machine that is merely busy, such as 5 under an emulator. */
const patience = Number(process.env.LOCKSTEP_TEST_PATIENCE ?? 1);
if (!(patience >= 0.5)) throw new Error("LOCKSTEP_TEST_PATIENCE is a factor of at least 0.5, such as 3");

/**
 * When to call one wait a hang. No test asserts a speed, so this is far longer than anything takes
 * that works, even with six busy processes beside the tests.
 */
export const DEADLINE_MS = 120_000 * patience;

/** When to call a test or a hook a hang: after several waits, so that the wait that failed is named. */
export const TEST_DEADLINE_MS = 5 * DEADLINE_MS;
