import { createHash } from "node:crypto";
import type { DoctorConfig } from "./doctor-config.js";

/**
 * Returns a hash of the configuration. Passwords in addresses are left out, so one can be changed
 * between plan and apply.
 */
export function configHash(config: DoctorConfig): string {
  const text = JSON.stringify(config, (name, value: unknown) =>
    name === "url" && typeof value === "string" ? withoutPassword(value) : value,
  );
  return createHash("sha256").update(text).digest("hex");
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.password = "";
  return url.href;
}
