/** The part of JSON Schema from which a form is made. The server checks the rest of the schema. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** The control for a value. `json` is the fallback for everything else. */
export type FieldType = "text" | "number" | "switch" | "choice" | "choices" | "lines" | "group" | "json";

export function fieldType(schema: Schema): FieldType {
  if (schema.enum) return "choice";
  switch (schema.type) {
    case "string":
      return "text";
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "switch";
    case "array":
      if (schema.items?.enum) return "choices";
      return schema.items?.type === "string" ? "lines" : "json";
    case "object":
      return schema.properties ? "group" : "json";
    default:
      return "json";
  }
}

/**
 * The contents of a form: the typed texts, by the JSON pointers of their members. An input whose
 * members are not known is one text, at the pointer of the whole.
 */
export type Draft = Readonly<Record<string, unknown>>;

/**
 * Converts a draft into an input. Empty fields are left out, so that the kind's own defaults apply.
 * An invalid number or invalid JSON is passed on as typed: the server reports what is wrong with
 * it.
 */
export function toInput(schema: Schema, draft: Draft): unknown {
  return hasMembers(schema) ? toMembers(schema, draft, WHOLE) : (fieldValue({}, draft[WHOLE]) ?? {});
}

/** Whether a form can have a field for each member. */
export function hasMembers(schema: Schema): boolean {
  return schema.properties !== undefined;
}

/** The JSON pointer of the whole input. */
export const WHOLE = "";

function toMembers(schema: Schema, draft: Draft, pointer: string): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const at = `${pointer}/${name}`;
    const value = fieldType(part) === "group" ? groupValue(part, draft, at) : fieldValue(part, draft[at]);
    if (value !== undefined) input[name] = value;
  }
  return input;
}

function groupValue(schema: Schema, draft: Draft, pointer: string): unknown {
  const group = toMembers(schema, draft, pointer);
  return Object.keys(group).length > 0 ? group : undefined;
}

function fieldValue(schema: Schema, typed: unknown): unknown {
  if (typed === undefined || typed === null || typed === "") return undefined;
  if (typeof typed !== "string") return Array.isArray(typed) && typed.length === 0 ? undefined : typed;
  switch (fieldType(schema)) {
    case "number":
      return Number.isFinite(Number(typed)) ? Number(typed) : typed;
    case "lines": {
      const lines = typed.split("\n").map((line) => line.trim());
      return lines.some(Boolean) ? lines.filter(Boolean) : undefined;
    }
    case "json":
      return parsed(typed);
    default:
      return typed;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Converts an input into a draft: the reverse of `toInput`, for a cloned job. */
export function toDraft(schema: Schema, input: unknown, pointer = WHOLE): Draft {
  if (!hasMembers(schema)) return input === undefined ? {} : { [pointer]: JSON.stringify(input, null, 2) };
  if (typeof input !== "object" || input === null) return {};
  const draft: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const value = (input as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const at = `${pointer}/${name}`;
    const type = fieldType(part);
    if (type === "group") Object.assign(draft, toDraft(part, value, at));
    else if (type === "lines") draft[at] = Array.isArray(value) ? value.join("\n") : "";
    else if (type === "json") draft[at] = JSON.stringify(value, null, 2);
    else draft[at] = type === "number" ? String(value) : value;
  }
  return draft;
}
