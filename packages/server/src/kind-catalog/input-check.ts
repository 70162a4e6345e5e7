import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Issue } from "lockstep/internal/errors";
import type { JsonSchema } from "lockstep/internal/job";
import type { Logger } from "pino";
import { schemaIssues } from "./schema-issues.js";
import { withinTime } from "./time-limit.js";

const COMPILED_MAX = 500;
/** How long a check may block the process. */
const CHECK_MS = 250;
/** How long a kind is not checked after a check took too long. */
const UNCHECKED_MS = 60_000;
/** With these, the time of a check may grow faster than the input. */
const SLOW_KEYWORDS = /"(?:pattern|patternProperties|uniqueItems|\$ref|\$dynamicRef)":/;
/** With a larger schema or input, any check has a time limit. */
const QUICK_BYTES_MAX = 16_384;

export interface DescribedKind {
  readonly kind: string;
  readonly input_schema: JsonSchema | null;
  readonly version_hash: string | null;
}

export interface CheckedInput {
  readonly value: unknown;
  /** As JSON. */
  readonly bytes: number;
  /** Of the input in the request body. */
  readonly pointer: string;
}

export interface InputChecks {
  /** The issues of an input; empty also when the kind's schema cannot be used. */
  issues(kind: DescribedKind, input: CheckedInput): Issue[];
}

interface Compiled {
  readonly validate: ValidateFunction | null;
  readonly isSlow: boolean;
  uncheckedUntil: number;
}

/**
 * Checks inputs against recorded JSON Schemas. A schema that cannot be compiled, or whose check
 * takes too long, is reported and not enforced: the worker checks the input again.
 */
export function createInputChecks(logger: Pick<Logger, "warn">): InputChecks {
  const compiled = new Map<string, Compiled>();
  const compile = ({ kind, input_schema, version_hash }: DescribedKind): Compiled => {
    const key = `${kind} ${version_hash}`;
    const known = compiled.get(key);
    if (known) return known;
    const text = JSON.stringify(input_schema);
    const isSlow = SLOW_KEYWORDS.test(text) || text.length > QUICK_BYTES_MAX;
    const fresh = {
      validate: compileSchema(input_schema ?? {}, report(kind)),
      isSlow,
      uncheckedUntil: 0,
    };
    const [oldest] = compiled.keys();
    if (compiled.size >= COMPILED_MAX && oldest !== undefined) compiled.delete(oldest);
    compiled.set(key, fresh);
    return fresh;
  };
  const report = (kind: string) => (err: unknown) =>
    logger.warn(
      { kind, err },
      "the input schema of this kind cannot be used, so inputs are not checked here",
    );
  return {
    issues(kind, { value, bytes, pointer }) {
      if (kind.input_schema === null) return [];
      const check = compile(kind);
      const { validate } = check;
      if (validate === null || check.uncheckedUntil > performance.now()) return [];
      const isLimited = check.isSlow || bytes > QUICK_BYTES_MAX;
      const result = isLimited ? limited(() => validate(value)) : { isValid: validate(value) };
      if ("isValid" in result) return result.isValid ? [] : schemaIssues(validate.errors ?? [], pointer);
      check.uncheckedUntil = performance.now() + UNCHECKED_MS;
      logger.warn(
        { kind: kind.kind, unchecked_ms: UNCHECKED_MS, err: result.error },
        "the check of an input did not end, so inputs of this kind are not checked here for a while",
      );
      return [];
    },
  };
}

/** A schema that refers to itself may also never end by exhausting the stack. */
function limited(validate: () => unknown): { readonly isValid: unknown } | { readonly error: unknown } {
  try {
    const result = withinTime(CHECK_MS, validate);
    return result.finished ? { isValid: result.value } : { error: new Error(`it took over ${CHECK_MS} ms`) };
  } catch (error) {
    return { error };
  }
}

/** Each schema has its own: their ids may be the same, also as that of JSON Schema itself. */
function openAjv(): Ajv2020 {
  return new Ajv2020({
    strict: false,
    allErrors: true,
    validateFormats: false,
    ownProperties: true,
    multipleOfPrecision: 9,
    addUsedSchema: false,
    logger: false,
    code: { regExp: Object.assign(toRegExp, { code: "new RegExp" }) },
  });
}

/** Most patterns are written for either mode; a few only for the older one. */
function toRegExp(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

function compileSchema(schema: JsonSchema, report: (error: unknown) => void): ValidateFunction | null {
  try {
    const validate = openAjv().compile(schema);
    // Such a function returns a promise, which no schema of an input needs.
    if ("$async" in validate) throw new Error("the schema is asynchronous");
    return validate;
  } catch (error) {
    report(error);
    return null;
  }
}
