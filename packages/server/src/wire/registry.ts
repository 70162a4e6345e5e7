import { z } from "zod";

/** Schemas with a name, which the API's document lists once and refers to. */
export const wireSchemas = z.registry<{ id: string }>();

/** Gives a schema a name in the API's document. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  wireSchemas.add(schema, { id });
  return schema;
}
