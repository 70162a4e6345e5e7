import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: true;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly engines: { readonly node: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A published package, with its folder in the checkout. */
export interface Published extends Manifest {
  readonly folder: string;
}

export const PUBLISHED: readonly Published[] = readdirSync("packages")
  .map((name) => {
    const folder = join("packages", name);
    return { folder, ...(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest) };
  })
  .filter((manifest) => !manifest.private);

export function published(name: string): Published {
  const found = PUBLISHED.find((one) => one.name === name);
  if (!found) throw new RangeError(`there is no package ${name}`);
  return found;
}

export function tarballOf({ name, version }: Pick<Manifest, "name" | "version">): string {
  return join(inject("tarballs"), `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
}

/** The tarballs of a package and of those of our packages that it depends on. */
export function tarballsFor(name: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const one = published(name);
  const ours = Object.keys(one.dependencies ?? {}).filter((each) =>
    PUBLISHED.some((own) => own.name === each),
  );
  return [tarballOf(one), ...ours.flatMap((each) => tarballsFor(each, seen))];
}
