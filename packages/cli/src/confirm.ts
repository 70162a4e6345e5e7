import { createInterface } from "node:readline/promises";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * Asks for confirmation before something that cannot be undone. Only `y` and `yes` confirm.
 * @throws UsageError when stdin is not a terminal and `yes` was not given
 */
export async function confirm(
  question: string,
  options: { readonly yes: boolean; readonly terminal: Terminal },
): Promise<boolean> {
  if (options.yes) return true;
  if (!options.terminal.canAsk)
    throw new UsageError(`not a terminal, so there is nobody to ask "${question}": add --yes`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => asking.once("close", () => resolve("")));
    const answer = await Promise.race([asking.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
