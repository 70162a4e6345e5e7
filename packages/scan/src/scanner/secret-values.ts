const PEM_EDGE = /^-----(?:BEGIN|END)[A-Z ]*-----$/;
const LINE_MIN = 6;
const VALUES_MAX = 500;
const AROUND = /^["'`]+|["'`;,)\]}>]+$/g;
const USER_INFO = /:\/\/[^:/\s@]*:([^@/\s]+)@/g;

/**
 * The texts to mask in a place that was reported as a secret: the text itself, each of its lines when it has
 * several (a snippet shows lines), and the password inside a URL, which may stand elsewhere by itself.
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

/** The string literals in a piece of JavaScript, without their quotes: what a rule about hard-coded credentials reported. */
export function quotedValues(code: string): string[] {
  const values: string[] = [];
  for (const match of code.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/gs)) {
    const value = match[1] ?? match[2] ?? match[3] ?? "";
    if (value !== "") values.push(value, ...secretValues(value));
  }
  return [...new Set(values)].slice(0, VALUES_MAX);
}

/** The secrets in a Google Cloud service account's key file, which is reported as a whole. */
export function serviceAccountValues(json: string): string[] {
  const account = JSON.parse(json) as Record<string, unknown>;
  return ["private_key", "private_key_id"].flatMap((member) => {
    const value = account[member];
    return typeof value === "string" ? secretValues(value) : [];
  });
}
