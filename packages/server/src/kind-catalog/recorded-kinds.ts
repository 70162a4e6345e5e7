import { DatabaseUnavailableError } from "lockstep/internal/errors";
import type { AnyJobDefinition, RecordedKind } from "lockstep/internal/job";
import type { KindLedger, KindPage } from "lockstep/internal/ledger";
import { createTtlCache } from "lockstep/internal/timing";

/** How long this process may not notice that another one has recorded a kind again. */
const REMEMBERED_MS = 2_000;
const REMEMBERED_KINDS_MAX = 1_000;
const REMEMBERED_IN_OUTAGE_MS = 3_600_000;

export interface RecordedKinds {
  /**
   * Records the kinds that this server defines, once. While the database is unavailable this is
   * tried again before each read.
   * @throws DatabaseUnavailableError
   */
  record(): Promise<void>;
  /**
   * A recorded kind, remembered for a short time. That a kind is not recorded is never remembered.
   * @throws DatabaseUnavailableError
   */
  find(kind: string): Promise<RecordedKind | null>;
  /** @throws DatabaseUnavailableError */
  list(page: { readonly after?: string; readonly limit: number }): Promise<KindPage>;
  /** @throws DatabaseUnavailableError */
  names(): Promise<readonly string[]>;
  /** Reads every kind again from now on. */
  forget(): void;
}

export function createRecordedKinds(
  ledger: KindLedger,
  definitions: readonly AnyJobDefinition[],
  onError: (error: unknown) => void,
): RecordedKinds {
  const remembered = createTtlCache<RecordedKind | null>({
    milliseconds: REMEMBERED_MS,
    sizeMax: REMEMBERED_KINDS_MAX,
    keep: (kind) => kind !== null,
    outage: {
      milliseconds: REMEMBERED_IN_OUTAGE_MS,
      isOne: (error) => error instanceof DatabaseUnavailableError,
    },
  });
  let isRecorded = definitions.length === 0;
  const record = async (): Promise<void> => {
    if (isRecorded) return;
    try {
      await ledger.define(definitions);
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      // The kinds of this server can still be submitted here.
      onError(error);
    }
    isRecorded = true;
  };
  return {
    record,
    find: (kind) =>
      remembered.get(kind, async () => {
        await record();
        return (await ledger.find([kind]))[0] ?? null;
      }),
    async list(page) {
      await record();
      return await ledger.list(page);
    },
    async names() {
      await record();
      return await ledger.names();
    },
    forget: remembered.clear,
  };
}
