import { isId, nameSchema, STATUSES, timeSchema } from "lockstep/internal/job";
import { z } from "zod";

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what this looks for
const UNSTORABLE = /\p{Cs}|\u0000/u;
const UNSTORABLES = new RegExp(UNSTORABLE, "gu");

/** A text PostgreSQL can store: no NUL, no lone surrogate. */
export function text(charactersMax: number) {
  return z
    .string()
    .min(1)
    .max(charactersMax)
    .refine((value) => !UNSTORABLE.test(value), "must contain no NUL character and no lone surrogate");
}

export const id = z.string().refine(isId, "must be a UUID").toLowerCase().meta({ format: "uuid" });

export const name = nameSchema;

export const status = z.enum(STATUSES);

/** A time that a client sends. */
export const time = timeSchema;

/** A time in a response. */
export const at = z.string().meta({ format: "date-time" });

export const source = z
  .enum(["ledger", "cache"])
  .describe("Where the response comes from: the committed record, or a copy that may be late");

export const asOf = at.describe("When this was read");

/** A count in a query string. */
export function count(options: { min: number; max: number }) {
  return z.coerce
    .number()
    .int()
    .min(options.min)
    .max(options.max)
    .describe(`An integer from ${options.min} to ${options.max}`);
}

/** A parameter that may be repeated, or given once as a comma-separated list. */
export function listOf<Item extends z.ZodType>(item: Item, countMax: number) {
  return z.preprocess(
    (value) => (value === undefined ? undefined : [value].flat().flatMap((part) => String(part).split(","))),
    z.array(item).min(1).max(countMax).readonly(),
  );
}

/**
 * A text for people, such as an error's: characters that cannot be stored are replaced, and a text
 * that is too long is cut.
 */
export function note(charactersMax: number) {
  return z.string().overwrite((value) => value.slice(0, charactersMax).replace(UNSTORABLES, "\uFFFD"));
}
