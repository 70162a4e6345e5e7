import type { FastifySchemaCompiler } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import { zodIssues } from "lockstep/internal/job";
import type { z } from "zod";
import type { IssuePlace, LocatedIssue } from "./problem.js";

const PLACES: Readonly<Record<string, IssuePlace>> = {
  querystring: "query",
  params: "path",
  headers: "header",
};

/** Checks one part of a request against its schema; issues outside the body name their part. */
export const requestValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const place = PLACES[httpPart ?? "body"];
  return (data: unknown) => {
    const result = place ? schema.safeParse(data) : parseBody(schema, data);
    if (result.success) return { value: result.data };
    const issues = zodIssues(result.error);
    const located: LocatedIssue[] = place ? issues.map((issue) => ({ ...issue, in: place })) : issues;
    const error = new LockstepError(
      "INVALID_REQUEST",
      `The ${place ?? "body"} does not have the expected form.`,
      {
        issues: located,
      },
    );
    return { error };
  };
};

/** A request without a body counts as one with an empty body if nothing is required. */
function parseBody(schema: z.ZodType, body: unknown): ReturnType<z.ZodType["safeParse"]> {
  const result = schema.safeParse(body);
  if (result.success || (body !== null && body !== undefined)) return result;
  const silent = schema.safeParse({});
  return silent.success ? silent : result;
}
