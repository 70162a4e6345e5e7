/** A duration for people: `0.4 s`, `42 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function durationText(seconds: number): string {
  if (seconds < 0) return `-${durationText(-seconds)}`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return two(whole, 60, "min", 1, "s");
  if (whole < 86_400) return two(whole, 3_600, "h", 60, "min");
  return two(whole, 86_400, "d", 3_600, "h");
}

function two(seconds: number, unit: number, name: string, smallerUnit: number, smallerName: string): string {
  const rest = Math.floor((seconds % unit) / smallerUnit);
  return `${Math.floor(seconds / unit)} ${name}${rest === 0 ? "" : ` ${rest} ${smallerName}`}`;
}

/** How long ago something happened, by the server's clock. */
export function agoText(at: string, now: string): string {
  const seconds = (Date.parse(now) - Date.parse(at)) / 1_000;
  if (seconds < 0) return seconds < -1 ? `in ${durationText(-seconds)}` : "now";
  return seconds < 1 ? "now" : `${durationText(Math.floor(seconds))} ago`;
}

/** The local time of day of an RFC 3339 time, to the millisecond: `14:02:07.125`. */
export function clockText(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
