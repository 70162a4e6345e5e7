const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A duration as people write it: milliseconds as a number, or `"250ms"`, `"30s"`, `"2m"`, `"1.5h"`,
 * `"7d"`.
 */
export type Duration = number | string;

/**
 * Parses a duration.
 * @returns whole milliseconds
 * @throws RangeError when the text is not a duration or the result is not a positive safe integer
 */
export function durationMs(duration: Duration): number {
  const milliseconds = typeof duration === "number" ? duration : parseDuration(duration);
  if (!Number.isFinite(milliseconds) || milliseconds <= 0 || milliseconds > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`not a duration: ${JSON.stringify(duration)} (write 250ms, 30s, 2m, 1.5h or 7d)`);
  }
  return Math.round(milliseconds);
}

function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim());
  if (!match) return Number.NaN;
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}
