import { createHash } from "node:crypto";
import {
  type AnyJobDefinition,
  canonicalJson,
  type KindFacts,
  type KindRecord,
  kindFacts,
} from "../job/index.js";

/** The record of a definition. */
export function kindRecord(definition: AnyJobDefinition): KindRecord {
  return withVersionHash(kindFacts(definition));
}

export function withVersionHash(facts: KindFacts): KindRecord {
  const canonical = canonicalJson(facts, Number.POSITIVE_INFINITY);
  if (!canonical.ok) throw new RangeError(`the kind ${facts.kind} ${canonical.issue.message}`);
  return { ...facts, version_hash: createHash("sha256").update(canonical.text).digest("hex") };
}
