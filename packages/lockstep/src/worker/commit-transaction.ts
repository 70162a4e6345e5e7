import { LockstepError, NonRetryableError } from "../errors.js";
import type { SqlTransaction } from "../job/index.js";

interface XidRow {
  readonly xid: string;
}

/**
 * Runs the function that a handler passed to `ctx.commit`, and notices when it ended the
 * transaction by SQL of its own: then the job's completion would not be in one commit with what it
 * wrote. The handler gets an object that refuses statements once the function has returned, because
 * the connection then belongs to another caller.
 * @throws NonRetryableError HANDLER_FAULT when the function committed or rolled back by itself; the
 *   same handler would do so again
 */
export async function runInTransaction<T>(
  tx: SqlTransaction,
  write: (tx: SqlTransaction) => Promise<T>,
): Promise<T> {
  const before = await transactionId(tx);
  const guarded = guard(tx);
  let value: T;
  try {
    value = await write(guarded.tx);
  } finally {
    guarded.close();
  }
  // A statement that failed unnoticed has ended the transaction: its error says more than the next.
  const after = await transactionId(tx).catch((error: unknown) => {
    throw guarded.firstError()?.error ?? error;
  });
  if (after === before) return value;
  throw new NonRetryableError(
    "The function passed to ctx.commit ended the transaction itself, with COMMIT or ROLLBACK. What it committed stays; the job was not completed.",
    { code: "HANDLER_FAULT" },
  );
}

/** The transaction gets its id now instead of at its first write; it writes in any case. */
async function transactionId(tx: SqlTransaction): Promise<string | undefined> {
  const { rows } = await tx.query("select pg_current_xact_id()::text as xid");
  return (rows as XidRow[])[0]?.xid;
}

function guard(tx: SqlTransaction) {
  let isOpen = true;
  let first: { readonly error: unknown } | null = null;
  const guarded: SqlTransaction = {
    query: (text, values) => {
      if (!isOpen) return Promise.reject(transactionEnded());
      const answer = tx.query(text, values);
      // Also for a statement that the handler does not await.
      answer.catch((error: unknown) => {
        first ??= { error };
      });
      return answer;
    },
  };
  return {
    tx: guarded,
    close: () => {
      isOpen = false;
    },
    firstError: () => first,
  };
}

function transactionEnded(): LockstepError {
  return new LockstepError(
    "HANDLER_FAULT",
    "The transaction of ctx.commit has ended; run every statement before its function returns.",
  );
}
