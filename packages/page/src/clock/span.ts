/** The clocks of two machines always differ slightly; a smaller difference is ignored. */
const SKEW_MS = 2_000;

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/**
 * A duration in at most two units, such as `4 min 12 s`. A negative duration is shown as clock
 * skew.
 */
export function spanText(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return "";
  if (milliseconds < -SKEW_MS) return "clock skew";
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 10_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const first = UNITS.findIndex(([, size]) => milliseconds >= size);
  const [unit, size] = UNITS[first] ?? UNITS[3];
  const whole = Math.floor(milliseconds / size);
  const smaller = UNITS[first + 1];
  const rest = smaller ? Math.floor((milliseconds - whole * size) / smaller[1]) : 0;
  return smaller && rest > 0 ? `${whole} ${unit} ${rest} ${smaller[0]}` : `${whole} ${unit}`;
}

/** How long ago a moment was, such as `12 s ago`, or how far ahead it is. */
export function agoText(at: string, nowMs: number): string {
  const ago = nowMs - Date.parse(at);
  if (Number.isNaN(ago)) return "";
  if (Math.abs(ago) < SKEW_MS) return "just now";
  return ago < 0 ? `in ${coarse(-ago)}` : `${coarse(ago)} ago`;
}

/** One unit: nobody reads a value that changes every second. */
function coarse(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => milliseconds >= length) ?? UNITS[3];
  return `${Math.floor(milliseconds / size)} ${unit}`;
}

/** A moment to the second, in the reader's time zone, such as `23 Nov 2031, 04:05:06`. */
export function momentText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const day = { day: "numeric", month: "short", year: "numeric" } as const;
  return `${date.toLocaleDateString("en-GB", day)}, ${date.toLocaleTimeString("en-GB")}`;
}

/** A moment to the millisecond, in the reader's time zone. */
export function absoluteText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const zone = { timeZoneName: "short" } as const;
  const text = date.toLocaleString("en-GB", {
    year: "numeric",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    ...zone,
  });
  return `${text} (${at})`;
}
