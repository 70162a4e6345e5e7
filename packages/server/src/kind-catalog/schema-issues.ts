import type { ErrorObject } from "ajv";
import type { Issue } from "lockstep/internal/errors";
import { pointerOf } from "lockstep/internal/job";

const FORMS_SHOWN_MAX = 3;
/** Keywords that need one of several schemas to fit; each of those has errors of its own. */
const ONE_OF_SEVERAL = new Set(["anyOf", "oneOf"]);

/**
 * The errors of an input, in words.
 * @param pointer of the input in the request body
 */
export function schemaIssues(errors: readonly ErrorObject[], pointer: string): Issue[] {
  const choices = errors.filter(({ keyword }) => ONE_OF_SEVERAL.has(keyword));
  const isPartOf = (error: ErrorObject, choice: ErrorObject) =>
    error !== choice &&
    error.instancePath.startsWith(choice.instancePath) &&
    error.schemaPath.startsWith(`${choice.schemaPath}/`);
  const issues = errors
    .filter((error) => !choices.some((choice) => isPartOf(error, choice)))
    .map((error) => {
      const parts = errors.filter((each) => !ONE_OF_SEVERAL.has(each.keyword) && isPartOf(each, error));
      return issueOf(error, parts, pointer);
    });
  // Schemas that are combined may say the same twice.
  return [...new Map(issues.map((issue) => [`${issue.pointer} ${issue.detail}`, issue])).values()];
}

function issueOf(error: ErrorObject, parts: readonly ErrorObject[], pointer: string): Issue {
  const at = pointer + error.instancePath;
  const { missingProperty, additionalProperty, unevaluatedProperty } = error.params as Record<
    string,
    unknown
  >;
  if (typeof missingProperty === "string")
    return { pointer: at + pointerOf([missingProperty]), detail: "is required" };
  const unknown = additionalProperty ?? unevaluatedProperty;
  if (typeof unknown === "string")
    return { pointer: at + pointerOf([unknown]), detail: "is not a known field" };
  return { pointer: at, detail: parts.length > 0 ? noneFits(error, parts) : wordsOf(error) };
}

function noneFits(choice: ErrorObject, parts: readonly ErrorObject[]): string {
  const reasons = parts.map((part) => {
    const { pointer, detail } = issueOf(part, [], "");
    return `${pointer.slice(choice.instancePath.length + 1)} ${detail}`.trim();
  });
  return `fits none of the allowed forms: ${[...new Set(reasons)].slice(0, FORMS_SHOWN_MAX).join("; or ")}`;
}

function wordsOf({ keyword, message, params }: ErrorObject): string {
  const { allowedValues, allowedValue } = params as { allowedValues?: unknown[]; allowedValue?: unknown };
  if (allowedValues !== undefined)
    return `must be one of ${allowedValues.map((value) => JSON.stringify(value)).join(", ")}`;
  if (keyword === "const") return `must be ${JSON.stringify(allowedValue)}`;
  if (keyword === "false schema") return "is not allowed";
  return (message ?? "does not fit the schema").replace("must NOT", "must not");
}
