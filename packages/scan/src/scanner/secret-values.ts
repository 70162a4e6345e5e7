const PEM_EDGE = /^-----(?:BEGIN|END)[A-Z ]*-----$/;
const LINE_MIN = 6;
const VALUES_MAX = 500;
const AROUND = /^["'`]+|["'`;,)\]}>]+$/g;
const USER_INFO = /:\/\/[^:/\s@]*:([^@/\s]+)@/g;

/**
 * The texts to mask for a reported secret: the text itself, each of its lines if it has several (a
 * snippet shows lines), and the password inside a URL, which may also occur alone.
 */
export function secretValues(text: string): string[] {
  const values = new Set<string>();
  for (const line of text.split(/\r?\n|\\n/)) {
    const value = line.trim().replace(AROUND, "");
    if (value.length >= LINE_MIN && !PEM_EDGE.test(value)) values.add(value);
    for (const match of line.matchAll(USER_INFO)) if (match[1]) values.add(match[1]);
  }
  return [...values].slice(0, VALUES_MAX);
}

/**
 * The string literals in a piece of JavaScript, without quotes, as a rule about hard-coded
 * credentials reported it.
 */
export function quotedValues(code: string): string[] {
  const values: string[] = [];
  for (const match of code.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/gs)) {
    const value = match[1] ?? match[2] ?? match[3] ?? "";
    if (value !== "") values.push(value, ...secretValues(value));
  }
  return [...new Set(values)].slice(0, VALUES_MAX);
}

/** The secrets in the key file of a Google Cloud service account, which is reported as a whole. */
export function serviceAccountValues(json: string): string[] {
  const account = JSON.parse(json) as Record<string, unknown>;
  return ["private_key", "private_key_id"].flatMap((member) => {
    const value = account[member];
    return typeof value === "string" ? secretValues(value) : [];
  });
}
