import { expect } from "vitest";
import { z } from "zod";
import type { Answer } from "./client.js";

export interface Operation {
  readonly summary?: string;
  readonly "x-role"?: string;
  readonly "x-problems"?: readonly string[];
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

interface ResponseObject {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: object;
  };
}

export interface ApiDocument {
  readonly openapi: OpenApi;
  /** Fails the test when the document does not name an answer like this for the call. */
  check(method: string, path: string, answer: Answer): void;
}

/** The codes that no call documents: for an address or a method that does not exist. */
const UNROUTED = ["NOT_FOUND", "METHOD_NOT_ALLOWED"];

export async function documentOf(url: string): Promise<ApiDocument> {
  const openapi = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
  const schemas = new Map<string, z.ZodType>();
  return {
    openapi,
    check(method, path, answer) {
      const found = findOperation(openapi, method, path);
      const isProblem = answer.headers.get("content-type")?.startsWith("application/problem+json");
      if (!found) {
        if (isProblem) expect(UNROUTED).toContain(answer.body.code);
        return;
      }
      const { operation, name } = found;
      expect(
        answer.status < 400 || isProblem,
        `${name} answers ${answer.status} with a problem document`,
      ).toBe(true);
      if (isProblem) expect(operation["x-problems"], name).toContain(answer.body.code);
      const response = operation.responses[answer.status];
      expect(Object.keys(operation.responses), name).toContain(String(answer.status));
      const type = isProblem ? "application/problem+json" : "application/json";
      const schema = response?.content?.[type]?.schema;
      if (!schema || typeof answer.body !== "object" || path === "/health/ready") return;
      const key = `${name} ${answer.status}`;
      const zod = schemas.get(key) ?? toZod(schema, openapi);
      schemas.set(key, zod);
      const result = zod.safeParse(answer.body);
      expect(result.error?.issues ?? [], `${key} has the form the document says`).toEqual([]);
    },
  };
}

function findOperation(
  openapi: OpenApi,
  method: string,
  path: string,
): { operation: Operation; name: string } | null {
  const [address = ""] = path.split("?");
  const templates = Object.keys(openapi.paths)
    .filter((template) => toPattern(template).test(address))
    .sort((a, b) => a.split("{").length - b.split("{").length);
  for (const template of templates) {
    const operation = openapi.paths[template]?.[method.toLowerCase()];
    if (operation) return { operation, name: `${method} ${template}` };
  }
  return null;
}

function toPattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);
}

function toZod(schema: object, openapi: OpenApi): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: openapi.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")));
}
