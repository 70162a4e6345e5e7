/**
 * Converts PostgreSQL's text for a timestamptz to RFC 3339 in UTC, always with six digits after the
 * second. A JavaScript Date would cut them to three, and a claim's cursor compares them. With a
 * fixed length, the texts sort in the order of the times.
 */
export function rfc3339(text: string): string {
  // The format that a session in UTC writes nearly every time. The expression below took five times
  // as long, and there are several times in each row.
  if (text.length === 29 && text[19] === "." && text.endsWith("+00"))
    return `${text.slice(0, 10)}T${text.slice(11, 26)}Z`;
  if (text === "infinity" || text === "-infinity") return text;
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d(?::\d\d){0,2})( BC)?$/.exec(
    text,
  );
  if (!match) return text;
  const [, date = "", time = "", fraction = "", offset = "", beforeChrist] = match;
  const micros = fraction.padEnd(6, "0");
  if (offset === "+00" && beforeChrist === undefined) return `${date}T${time}.${micros}Z`;
  // A session that changed its time zone: convert the seconds, keep the digits below.
  const whole = new Date(`${date}T${time}${offset.length === 3 ? `${offset}:00` : offset}`);
  return Number.isNaN(whole.getTime()) ? text : `${whole.toISOString().slice(0, 19)}.${micros}Z`;
}
