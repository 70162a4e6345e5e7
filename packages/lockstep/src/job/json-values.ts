import { inspect, types } from "node:util";

const TEXT_CHARS_MAX = 1_000;

const PRIMITIVE_OF = {
  Number: Number.prototype.valueOf,
  String: String.prototype.valueOf,
  Boolean: Boolean.prototype.valueOf,
  BigInt: BigInt.prototype.valueOf,
  Symbol: Symbol.prototype.valueOf,
} as const;

/**
 * What a Number, String, Boolean, BigInt or Symbol object wraps; null for every other object.
 */
export function unboxed(value: object): { readonly value: unknown } | null {
  if (!types.isBoxedPrimitive(value)) return null;
  if (types.isNumberObject(value)) return { value: PRIMITIVE_OF.Number.call(value) };
  if (types.isStringObject(value)) return { value: PRIMITIVE_OF.String.call(value) };
  if (types.isBooleanObject(value)) return { value: PRIMITIVE_OF.Boolean.call(value) };
  if (types.isBigIntObject(value)) return { value: PRIMITIVE_OF.BigInt.call(value) };
  return { value: PRIMITIVE_OF.Symbol.call(value as symbol) };
}

/**
 * Why JSON would silently write something else for this object, in words that follow "the value";
 * null when it would not. May throw what the object's own code throws.
 */
export function issueOfObject(value: object): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || prototype === Array.prototype) {
    return null; // Nearly every value.
  }
  if (types.isDate(value)) {
    const isValid = !Number.isNaN(Date.prototype.getTime.call(value));
    return isValid ? null : "is an invalid Date";
  }
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return null;
  const kind = builtIn(value);
  if (kind !== null) return `is ${kind}, which JSON cannot hold`;
  if (Array.isArray(value) || types.isBoxedPrimitive(value) || isPlain(prototype)) return null;
  if (Object.keys(value).length > 0) return null;
  return `is ${withArticle(nameOf(value))} without members that JSON can hold`;
}

/** An object's prototype of another realm, such as that of a `vm` context. */
function isPlain(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "hasOwnProperty");
}

function builtIn(value: object): string | null {
  if (types.isMap(value)) return "a Map";
  if (types.isSet(value)) return "a Set";
  if (types.isNativeError(value) || value instanceof Error) return "an Error";
  if (types.isArrayBufferView(value) || types.isAnyArrayBuffer(value)) return withArticle(nameOf(value));
  if (types.isPromise(value)) return "a Promise that was not awaited";
  if (types.isRegExp(value)) return "a regular expression";
  if (types.isWeakMap(value) || types.isWeakSet(value)) return withArticle(nameOf(value));
  return null;
}

function nameOf(value: object): string {
  const { constructor: type } = value;
  return typeof type === "function" && type.name !== "" ? type.name : "class instance";
}

function withArticle(name: string): string {
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/**
 * A thrown or logged value as text, at most about 1,000 characters. Never throws, whatever the
 * value is.
 */
export function safeText(value: unknown): string {
  try {
    if (typeof value === "string") return value.slice(0, TEXT_CHARS_MAX);
    if (types.isNativeError(value)) return String(value).slice(0, TEXT_CHARS_MAX);
    return inspect(value, { depth: 3, maxStringLength: TEXT_CHARS_MAX, maxArrayLength: 100 }).slice(
      0,
      TEXT_CHARS_MAX,
    );
  } catch {
    return "a value that cannot be shown";
  }
}
