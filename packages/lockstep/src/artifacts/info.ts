import { z } from "zod";

/** Content of the small info file beside an uploaded content. */
export const fileInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  bytes: z.number(),
  media_type: z.string(),
  created_at: z.string(),
});

/** Content of the info file of an artifact. */
export const artifactInfoSchema = z.object({
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  media_type: z.string(),
  created_at: z.string(),
});
