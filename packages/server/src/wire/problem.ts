import { ERROR_CODES, type ErrorCode } from "lockstep/internal/errors";
import { z } from "zod";
import { named } from "./registry.js";

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

export const problem = named(
  "Problem",
  z
    .object({
      type: z.string().describe("A URI reference: where the code is explained"),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      code: z.enum(codes),
      request_id: z.string(),
      errors: z
        .array(
          z.object({
            pointer: z.string().describe("RFC 6901 pointer into the body, or into the part that `in` names"),
            detail: z.string(),
            in: z.enum(["query", "path", "header"]).optional(),
          }),
        )
        .readonly(),
    })
    .describe("An RFC 9457 problem document"),
);
