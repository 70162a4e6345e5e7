import { STATUS_CODES } from "node:http";
import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { wireSchemas } from "./wire/registry.js";

type Transform = NonNullable<FastifyDynamicSwaggerOptions["transform"]>;
type TransformObject = NonNullable<FastifyDynamicSwaggerOptions["transformObject"]>;
type Override = (context: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }) => void;

const FORM = {
  type: "object",
  required: ["file"],
  properties: { file: { type: "string", format: "binary" } },
};

/**
 * Restores the values of `describe` and `meta`, which the library omits when it has its own
 * registry.
 */
const override: Override = ({ zodSchema, jsonSchema }) => {
  const { description, format } = z.globalRegistry.get(zodSchema) ?? {};
  if (description !== undefined) jsonSchema.description = description;
  if (typeof format === "string") jsonSchema.format ??= format;
  if (zodSchema._zod.def.type === "undefined") jsonSchema.type = "null";
  // Zod adds this for types that are read-only in TypeScript, but in a document it means something
  // else.
  delete jsonSchema.readOnly;
};

const options = { schemaRegistry: wireSchemas, zodToJsonConfig: { override } };
const toJsonSchema = createJsonSchemaTransform({ ...options, skipList: [] }) as Transform;
const addSchemas = createJsonSchemaTransformObject(options);

/**
 * Converts a route's zod schemas to the document's, and adds what they cannot express: the form of
 * an upload, and a description for each success.
 */
export const transform: Transform = (route) => {
  const transformed = toJsonSchema(route);
  const schema: Record<string, unknown> = { ...transformed.schema };
  if (route.schema?.consumes?.includes("multipart/form-data")) schema.body = FORM;
  if (schema.response) schema.response = withDescriptions(schema.response as Record<string, object>);
  return { ...transformed, schema };
};

function withDescriptions(responses: Record<string, object>): Record<string, object> {
  const described = Object.entries(responses).map(([status, response]) => [
    status,
    { description: STATUS_CODES[status], ...response },
  ]);
  return Object.fromEntries(described);
}

/** Lists the named schemas that something refers to. */
export const transformObject: TransformObject = (document) => {
  const whole = addSchemas(document) as { components?: { schemas?: Record<string, unknown> } };
  const text = JSON.stringify(whole);
  const used = Object.entries(whole.components?.schemas ?? {}).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  );
  return { ...whole, components: { ...whole.components, schemas: Object.fromEntries(used) } } as never;
};
