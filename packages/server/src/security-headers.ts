import helmet, { type FastifyHelmetOptions } from "@fastify/helmet";
import fastify from "fastify";

/** What the framework itself says of an answer. */
const OF_THE_ANSWER: readonly string[] = [
  "content-length",
  "content-type",
  "connection",
  "date",
  "keep-alive",
];

/** Those that mean something for an answer that is no page: the others tell a browser how to treat a document and its links. */
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
 * The headers that Helmet gives an answer, asked of it once: they are the same for every answer, and putting them together
 * for each took a tenth of the time of a status read.
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
