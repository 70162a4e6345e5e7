import { z } from "zod";
import { canonicalJson } from "./canonical-json.js";

/** A schema that takes more is not recorded: it is read again whenever a server forgets it. */
export const INPUT_SCHEMA_BYTES_MAX = 262_144;

export type JsonSchema = Readonly<Record<string, unknown>>;

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"]>;
type Visited = Parameters<Override>[0];

/** Keywords that allow a value whatever it is. */
const ANNOTATIONS = new Set(["$schema", "title", "description", "default", "examples", "deprecated"]);
/** What a regular expression in JSON Schema cannot say. */
const FLAGS_WITH_MEANING = /[imsv]/;

/**
 * The JSON Schema (2020-12) of what a definition accepts as input. It accepts at least what the
 * definition accepts: where JSON Schema cannot say the same, it says less, and the definition's own
 * schema decides before the run.
 * @returns null when the input cannot be described
 */
export function inputSchema(input: z.ZodType): JsonSchema | null {
  try {
    const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any", override: loosen });
    const canonical = canonicalJson(schema, INPUT_SCHEMA_BYTES_MAX);
    return canonical.ok ? (JSON.parse(canonical.text) as JsonSchema) : null;
  } catch {
    // Not a schema of zod 4, or one that has no JSON form: the input is not described.
    return null;
  }
}

/** Removes what is stricter in the JSON Schema than in the zod schema that it was made from. */
function loosen({ zodSchema, jsonSchema }: Visited): void {
  const def = zodSchema._zod.def as Definition;
  if (convertsFirst(def)) keepOnly(jsonSchema, (keyword) => ANNOTATIONS.has(keyword));
  else if (def.checks?.some(({ _zod }) => _zod.def.check === "overwrite"))
    // `trim` and others change the value before the checks after them.
    keepOnly(jsonSchema, (keyword) => ANNOTATIONS.has(keyword) || keyword === "type");
  else if (hasFlags(def)) keepOnly(jsonSchema, (key) => key !== "pattern" && key !== "allOf");
  // The keys of a record are texts, also where they are checked as numbers.
  const { propertyNames, properties = {}, required } = jsonSchema;
  if (isNumeric(propertyNames)) delete jsonSchema.propertyNames;
  if (required === undefined) return;
  // A member that may be anything may also be missing.
  const needed = required.filter((name) => !acceptsAll(properties[name]));
  if (needed.length > 0) jsonSchema.required = needed;
  else delete jsonSchema.required;
}

/** What is read of a zod schema's own definition. */
interface Definition {
  readonly type: string;
  readonly coerce?: boolean;
  readonly in?: z.core.$ZodType;
  readonly pattern?: unknown;
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly pattern?: unknown } };
  }[];
}

/** Whether the schema turns a value into one that it accepts, as `coerce` and `catch` do. */
function convertsFirst(def: Definition): boolean {
  return (
    def.coerce === true ||
    def.type === "catch" ||
    (def.type === "pipe" && def.in?._zod.def.type === "transform")
  );
}

function hasFlags({ pattern, checks = [] }: Definition): boolean {
  const patterns = [pattern, ...checks.map(({ _zod }) => _zod.def.pattern)];
  return patterns.some((each) => each instanceof RegExp && FLAGS_WITH_MEANING.test(each.flags));
}

function isNumeric(schema: unknown): boolean {
  const { type } = (schema ?? {}) as { type?: unknown };
  return type === "number" || type === "integer";
}

function acceptsAll(schema: unknown): boolean {
  return typeof schema === "object" && Object.keys(schema ?? {}).every((keyword) => ANNOTATIONS.has(keyword));
}

function keepOnly(schema: Record<string, unknown>, kept: (keyword: string) => boolean): void {
  for (const keyword of Object.keys(schema)) if (!kept(keyword)) delete schema[keyword];
}
