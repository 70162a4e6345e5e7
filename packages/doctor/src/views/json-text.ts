/**
 * Finds and replaces members in the text of a JSON object without changing the rest. Parsing and
 * printing would turn 1.0 into 1, and lose digits of large numbers and the writer's spaces. The
 * text must be valid for JSON.parse. `jsonc-parser` is not used: of two members with one name it
 * finds the first where JSON.parse returns the last, and it overflows the stack on deeply nested
 * text. Both can occur in foreign data.
 */

interface Span {
  readonly start: number;
  readonly end: number;
}

/** @returns the text of a member's value; undefined when there is no such member */
export function memberText(text: string, path: readonly string[]): string | undefined {
  const span = findMember(text, path);
  return span && text.slice(span.start, span.end);
}

/**
 * Returns the text with one member's value replaced, or with the member added as the last one of
 * its object.
 * @param valueText JSON
 * @returns undefined when a parent on the path is not an object
 */
export function withMember(text: string, path: readonly string[], valueText: string): string | undefined {
  const span = findMember(text, path);
  if (span) return text.slice(0, span.start) + valueText + text.slice(span.end);
  const parent = path.length === 1 ? wholeSpan(text) : findMember(text, path.slice(0, -1));
  if (!parent || text[parent.start] !== "{") return undefined;
  const isEmpty = /^\{\s*\}$/.test(text.slice(parent.start, parent.end));
  const place = lastBefore(text, parent.end - 1);
  const name = JSON.stringify(path.at(-1));
  return `${text.slice(0, place)}${isEmpty ? "" : ", "}${name}: ${valueText}${text.slice(place)}`;
}

function findMember(text: string, path: readonly string[]): Span | undefined {
  let span: Span | undefined = wholeSpan(text);
  for (const name of path) {
    if (!span || text[span.start] !== "{") return undefined;
    span = memberOf(text, span, name);
  }
  return span;
}

/** The last member of that name, because JSON.parse returns that one. */
function memberOf(text: string, object: Span, name: string): Span | undefined {
  let found: Span | undefined;
  let at = skipSpace(text, object.start + 1);
  while (at < object.end && text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    if (JSON.parse(text.slice(at, nameEnd)) === name) found = { start, end };
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return found;
}

function wholeSpan(text: string): Span {
  const start = skipSpace(text, 0);
  return { start, end: lastBefore(text, text.length) };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at += 1;
  return at;
}

/** The position after the last character before `end` that is not a space. */
function lastBefore(text: string, end: number): number {
  let at = end;
  while (at > 0 && " \t\n\r".includes(text.charAt(at - 1))) at -= 1;
  return at;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start);
  if (text[start] !== "{" && text[start] !== "[") {
    let at = start;
    while (at < text.length && !" \t\n\r,]}".includes(text.charAt(at))) at += 1;
    return at;
  }
  let depth = 0;
  let at = start;
  do {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    if (character === "{" || character === "[") depth += 1;
    if (character === "}" || character === "]") depth -= 1;
    at += 1;
  } while (depth > 0);
  return at;
}
