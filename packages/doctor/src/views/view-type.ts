import type { z } from "zod";
import type { ViewStores } from "../stores/store-connections.js";
import type { View } from "./view.js";

/**
 * A type of view: the schema of its configuration, and how it is opened. Each type has a folder
 * views/<type>/ with one of these.
 */
export interface ViewType<Schema extends z.ZodObject> {
  /** A strict object with `type: z.literal(...)`, and defaults filled in. */
  readonly config: Schema;
  /** Opens connections only through `stores`; the first one is made by `examine()`. */
  open(options: ViewOptions<z.output<Schema>>): View;
}

export interface ViewOptions<Config> {
  readonly name: string;
  readonly config: Config;
  readonly stores: ViewStores;
}
