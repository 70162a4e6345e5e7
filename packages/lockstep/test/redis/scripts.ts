import { readFileSync } from "node:fs";

const read = (name: string) =>
  readFileSync(new URL(`../../src/redis/scripts/${name}.lua`, import.meta.url), "utf8");

/** The projection's scripts, called as a projector calls them. */
export const scripts = { apply: read("apply"), swap: read("swap"), sweep: read("sweep") };
