/** The request of a curl line; understands the options that the README uses. */
export interface CurlCall {
  readonly url: string;
  readonly init: RequestInit;
}

/**
 * Parses a curl line, with some texts in it replaced.
 * @throws Error for an unknown option, so that a line is never run with another meaning than it has
 */
export function parseCurl(line: string, values: Readonly<Record<string, string>>): CurlCall {
  const words = [...withoutComment(line).matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3]!,
  );
  const headers: Record<string, string> = {};
  let method: string | undefined;
  let body: string | undefined;
  let url = "";
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index]!;
    if (word === "-s" || word === "-sN") continue;
    else if (word === "-X") method = words[++index];
    else if (word === "-d") body = words[++index];
    else if (word === "-H") Object.assign(headers, header(words[++index]!));
    else if (word.startsWith("-")) throw new Error(`an option that is not known here: ${word}`);
    else url = word;
  }
  for (const [from, to] of Object.entries(values)) url = url.replace(from, to);
  return { url, init: { headers, ...(method ? { method } : {}), ...(body ? { body } : {}) } };
}

function withoutComment(line: string): string {
  return line.replace(/\s+# .*$/, "");
}

function header(text: string): Record<string, string> {
  const colon = text.indexOf(":");
  return { [text.slice(0, colon)]: text.slice(colon + 1).trim() };
}
