import type { Dialect } from "./dialect.js";
import { postgres } from "./postgres.js";

/** The dialect of a database, by the scheme of its address. */
export function dialectOf(_url: string): Dialect {
  return postgres;
}
