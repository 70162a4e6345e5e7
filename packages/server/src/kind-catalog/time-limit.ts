import vm from "node:vm";

export type Limited<Value> =
  | { readonly finished: true; readonly value: Value }
  | { readonly finished: false };

const script = new vm.Script("work()");
let context: { work: () => void } | null = null;

/**
 * Runs synchronous work, and ends it when the time is up, also in the middle of a regular
 * expression. This costs about 0.1 ms.
 * @throws what the work throws
 */
export function withinTime<Value>(milliseconds: number, work: () => Value): Limited<Value> {
  context ??= vm.createContext({ work: () => undefined }) as { work: () => void };
  let value: { readonly of: Value } | null = null;
  context.work = () => {
    value = { of: work() };
  };
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return { finished: false };
    throw error;
  } finally {
    context.work = () => undefined;
  }
  return { finished: true, value: (value as unknown as { of: Value }).of };
}
