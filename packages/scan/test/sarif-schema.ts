import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import Ajv from "ajv";
import draft4 from "ajv/lib/refs/json-schema-draft-04.json" with { type: "json" };

/** The errors of a log against the official SARIF 2.1.0 schema; empty when there are none. */
export function validateSarif(log: unknown): string[] {
  const ajv = new Ajv({ schemaId: "auto", allErrors: true, unknownFormats: "ignore" });
  ajv.addMetaSchema(draft4);
  const validate = ajv.compile(schema);
  return validate(log) ? [] : (validate.errors ?? []).map((issue) => `${issue.dataPath} ${issue.message}`);
}
