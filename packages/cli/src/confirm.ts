import { createInterface } from "node:readline/promises";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * Asks before something that cannot be undone. Only `y` and `yes` are yes.
 * @throws UsageError when there is nobody to ask and `yes` was not given beforehand
 */
export async function confirm(
  question: string,
  options: { readonly yes: boolean; readonly terminal: Terminal },
): Promise<boolean> {
  if (options.yes) return true;
  if (!options.terminal.canAsk)
    throw new UsageError(`not a terminal, so nobody can be asked "${question}": add --yes`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => asking.once("close", () => resolve("")));
    const answer = await Promise.race([asking.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
