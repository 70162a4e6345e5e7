import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { UsageError } from "./usage-error.js";

/** Reads an input from the command line: JSON, `@file`, or `-` for stdin. @throws UsageError */
export async function readInput(input = "{}"): Promise<unknown> {
  const text = await inputText(input);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--input is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

async function inputText(input: string): Promise<string> {
  if (input === "-") return await readAll(process.stdin);
  if (!input.startsWith("@")) return input;
  return await readFile(input.slice(1), "utf8").catch((error: Error) => {
    throw new UsageError(`--input cannot be read: ${error.message}`);
  });
}
