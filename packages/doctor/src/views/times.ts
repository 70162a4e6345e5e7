import { z } from "zod";

/** What is assumed of times that do not say their zone: `UTC`, or an offset such as `+02:00`. */
export const Zone = z
  .string()
  .regex(/^(UTC|Z|[+-]\d\d:\d\d)$/, { error: "must be UTC or an offset such as +02:00" })
  .default("UTC");

/**
 * A time as stores keep it (RFC 3339, with or without zone, with a space instead of the T; seconds or milliseconds since 1970; a
 * Date) as RFC 3339 in UTC, with the digits it has.
 * @param zone assumed where the text has none
 * @returns null when there is none, or it is no time
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

/** Before the year 5138 as seconds, after 1973 as milliseconds. */
function fromNumber(value: number): string | null {
  const time = new Date(value < 1e11 ? value * 1_000 : value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function offset(zone: string): string {
  if (/^(Z|UTC)$/i.test(zone)) return "Z";
  const digits = zone.replace(":", "");
  return `${digits.slice(0, 3)}:${digits.slice(3) || "00"}`;
}
