import type { Work } from "./system.js";

export function say(line: object): void;
export function sayAlive(canWrite?: () => boolean): void;
export function doWork(
  work: Work,
  attempt: number,
  how?: { readonly attemptKnown?: boolean; readonly signal?: AbortSignal },
): Promise<unknown>;
