import helmet, { type FastifyHelmetOptions } from "@fastify/helmet";
import fastify from "fastify";

/** Headers that the framework itself sets on a response. */
const OF_THE_ANSWER: readonly string[] = [
  "content-length",
  "content-type",
  "connection",
  "date",
  "keep-alive",
];

/**
 * Headers that are useful on a response that is not a page: the others tell a browser how to treat
 * a document and its links.
 */
const OF_DATA: readonly string[] = [
  "content-security-policy",
  "cross-origin-resource-policy",
  "x-content-type-options",
  "x-frame-options",
];

export interface SecurityHeaders {
  readonly page: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/**
 * The headers that Helmet sets on a response, computed once: they are the same for every response,
 * and computing them each time took a tenth of the time of a status read.
 */
export async function securityHeaders(options: FastifyHelmetOptions): Promise<SecurityHeaders> {
  const probe = fastify();
  await probe.register(helmet, options);
  probe.get("/", () => "");
  const { headers } = await probe.inject("/");
  await probe.close();
  const given = Object.entries(headers)
    .filter(([name]) => !OF_THE_ANSWER.includes(name))
    .map(([name, value]) => [name, String(value)] as const);
  const ofData = given.filter(([name]) => OF_DATA.includes(name));
  return { page: Object.fromEntries(given), data: Object.fromEntries(ofData) };
}
