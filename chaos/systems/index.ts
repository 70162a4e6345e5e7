import { DESIGNS } from "./others/designs.js";
import { otherSystem } from "./others/index.js";
import type { System } from "./system.js";

/** The systems that can be judged. Loaded on demand, because most bring their own packages. */
export const SYSTEMS: Readonly<Record<string, () => Promise<System>>> = {
  lockstep: async () => (await import("./lockstep/index.js")).lockstep,
  ...Object.fromEntries(Object.keys(DESIGNS).map((name) => [name, () => otherSystem(name)])),
};
