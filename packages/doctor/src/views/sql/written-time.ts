/** Formats an instant as local time in a zone, without the zone: `2026-01-31 12:00:00.000`. */
export function localTime(time: string, zone: string): string {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  const minutes = match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
  const local = new Date(Date.parse(time) + minutes * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 23)}`;
}

/**
 * Formats an instant like another time of the same table: a number of seconds or milliseconds, or a
 * text with or without T and zone.
 * @param zone zone of texts without one
 */
export function timeLike(example: string | number | null, time: string, zone: string): string | number {
  const milliseconds = Date.parse(time);
  if (typeof example === "number" || (example !== null && /^\d{9,}$/.test(example)))
    return Number(example) < 1e11 ? Math.floor(milliseconds / 1_000) : milliseconds;
  if (example === null || !/^\d{4}-\d\d-\d\d/.test(example)) return localTime(time, zone);
  const separator = example[10] === "T" ? "T" : " ";
  if (/(Z|[+-]\d\d:?\d\d)$/.test(example.slice(11)))
    return new Date(milliseconds).toISOString().replace("T", separator);
  return localTime(time, zone).replace(" ", separator);
}
