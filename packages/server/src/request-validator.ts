import type { FastifySchemaCompiler } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import { zodFaults } from "lockstep/internal/job";
import type { z } from "zod";
import type { FaultPlace, LocatedFault } from "./problem.js";

const PLACES: Readonly<Record<string, FaultPlace>> = {
  querystring: "query",
  params: "path",
  headers: "header",
};

/** Checks one part of a request against its schema; faults outside the body say which part they are in. */
export const requestValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const place = PLACES[httpPart ?? "body"];
  return (data: unknown) => {
    const result = place ? schema.safeParse(data) : parseBody(schema, data);
    if (result.success) return { value: result.data };
    const faults = zodFaults(result.error);
    const located: LocatedFault[] = place ? faults.map((fault) => ({ ...fault, in: place })) : faults;
    const error = new LockstepError(
      "INVALID_REQUEST",
      `The ${place ?? "body"} does not have the expected form.`,
      {
        faults: located,
      },
    );
    return { error };
  };
};

/** A request without a body is one whose body says nothing, where nothing has to be said. */
function parseBody(schema: z.ZodType, body: unknown): ReturnType<z.ZodType["safeParse"]> {
  const result = schema.safeParse(body);
  if (result.success || (body !== null && body !== undefined)) return result;
  const silent = schema.safeParse({});
  return silent.success ? silent : result;
}
