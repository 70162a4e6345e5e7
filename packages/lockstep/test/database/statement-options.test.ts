import { afterEach, expect, it, vi } from "vitest";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { sharedInMemory } from "../../../../tests/servers/embedded.js";
import { openDatabase } from "../../src/database/index.js";

const ROWS = { name: "rows", text: "select 1 as a, 'x' as b", asArrays: true };

/** How long this process waits for an answer, in milliseconds (postgres.ts). */
const ANSWER_TIMEOUT_MS = 20_000;
afterEach(() => void vi.restoreAllMocks());

it.each([
  ["with sessions", ""],
  ["behind a pooler, where no statement has a name", "?pgbouncer=true"],
])("rows are arrays when a statement asks for them, %s", async (_what, parameters) => {
  const { url, drop } = await freshDatabase();
  const database = await openDatabase({ url: url + parameters });
  const alone = await database.query(ROWS);
  const together = await database.transaction((tx) => tx.query(ROWS));
  await database.close();
  await drop();
  expect([alone.rows, together.rows]).toEqual([[[1, "x"]], [[1, "x"]]]);
});

it("rows are arrays in the embedded database, too", async () => {
  const database = await sharedInMemory();
  expect((await database.query(ROWS)).rows).toEqual([[1, "x"]]);
});

it("only a statement without a limit is waited for as long as it takes", async () => {
  const { url, drop } = await freshDatabase();
  const database = await openDatabase({ url });
  const timers = vi.spyOn(globalThis, "setTimeout");
  const limited = async (unlimited: boolean): Promise<boolean> => {
    timers.mockClear();
    await database.query({ text: "select 1", unlimited });
    return timers.mock.calls.some(([, milliseconds]) => milliseconds === ANSWER_TIMEOUT_MS);
  };
  const found = [await limited(false), await limited(true)];
  await database.close();
  await drop();
  expect(found).toEqual([true, false]);
});
