import { DESIGNS } from "./others/designs.js";
import { otherSystem } from "./others/index.js";
import type { System } from "./system.js";

/** What can be judged. Loaded when it is asked for: most bring packages of their own. */
export const SYSTEMS: Readonly<Record<string, () => Promise<System>>> = {
  lockstep: async () => (await import("./lockstep/index.js")).lockstep,
  ...Object.fromEntries(Object.keys(DESIGNS).map((name) => [name, () => otherSystem(name)])),
};
