/**
 * The type of a value as it is read back from the ledger, after JSON. A `Date` becomes a string,
 * members that are undefined or functions are gone, and a handler that returns nothing has the
 * output `null`.
 */
export type Stored<Value> = Value extends string | number | boolean | null
  ? Value
  : // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing has the output type void
    Value extends undefined | void
    ? null
    : Value extends { toJSON(): infer Plain }
      ? Stored<Plain>
      : Value extends readonly unknown[]
        ? { [Index in keyof Value]: Stored<Value[Index]> }
        : Value extends object
          ? {
              [Key in keyof Value as Value[Key] extends ((...values: never[]) => unknown) | undefined
                ? never
                : Key]: StoredMember<Value[Key]>;
            }
          : unknown;

type StoredMember<Value> = undefined extends Value
  ? Stored<Exclude<Value, undefined>> | undefined
  : Stored<Value>;
