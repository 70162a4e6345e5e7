import { z } from "zod";

/** The time zone of times without one: `UTC`, or an offset such as `+02:00`. */
export const Zone = z
  .string()
  .regex(/^(UTC|Z|[+-]\d\d:\d\d)$/, { error: "must be UTC or an offset such as +02:00" })
  .default("UTC");

/**
 * Converts a stored time (RFC 3339, with or without a zone, or with a space instead of the T;
 * seconds or milliseconds since 1970; a Date) to RFC 3339 in UTC. Keeps the digits of the fraction.
 * @param zone used where the text has none
 * @returns null when there is no value, or it is not a time
 */
export function readTime(raw: unknown, zone: string): string | null {
  if (raw === null || raw === undefined || raw === "") return null;
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? null : raw.toISOString();
  if (typeof raw === "number") return fromNumber(raw);
  if (typeof raw !== "string") return null;
  if (/^\d{9,}(\.\d+)?$/.test(raw)) return fromNumber(Number(raw));
  const match =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i.exec(
      raw.trim(),
    );
  if (!match) return null;
  const [, date, time, fraction = "", ownZone] = match;
  const seconds = Date.parse(`${date}T${time}${offset(ownZone ?? zone)}`);
  if (Number.isNaN(seconds)) return null;
  return `${new Date(seconds).toISOString().slice(0, 19)}.${fraction.padEnd(3, "0")}Z`;
}

/**
 * Numbers count as seconds up to the year 5138, and larger ones as milliseconds, from the year 1973
 * on.
 */
function fromNumber(value: number): string | null {
  const time = new Date(value < 1e11 ? value * 1_000 : value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function offset(zone: string): string {
  if (/^(Z|UTC)$/i.test(zone)) return "Z";
  const digits = zone.replace(":", "");
  return `${digits.slice(0, 3)}:${digits.slice(3) || "00"}`;
}
