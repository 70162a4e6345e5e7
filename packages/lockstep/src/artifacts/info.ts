import { z } from "zod";

/** What the small info file beside an uploaded content holds. */
export const fileInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  bytes: z.number(),
  media_type: z.string(),
  created_at: z.string(),
});

/** The same of an artifact. */
export const artifactInfoSchema = z.object({
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  media_type: z.string(),
  created_at: z.string(),
});
