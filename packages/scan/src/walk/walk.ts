import type { Dirent } from "node:fs";
import { constants } from "node:fs";
import { access, lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type IgnoreRules, NO_RULES, pathFilter } from "./ignore-rules.js";
import { createTally, type Skipped, type Tally } from "./tally.js";

const GITIGNORE_BYTES_MAX = 1_048_576;
const TOOL_FOLDERS = new Set([".git", ".hg", ".svn", "node_modules", "bower_components", ".lockstep"]);
/** Node's replacement for bytes that are not UTF-8; a file with such a name cannot be opened. */
const NOT_UTF8 = "\ufffd";
const GENERATED = /(?:[.-]min\.(?:js|mjs|cjs|css)|\.map)$/i;

export interface WalkOptions {
  readonly root: string;
  /** Leaves out files that the tree's own `.gitignore` files exclude. */
  readonly respectGitignore: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly filesMax: number;
  readonly entriesMax: number;
  readonly depthMax: number;
  readonly fileBytesMax: number;
}

export interface WalkResult {
  /** Relative to the root, with `/`, in the order of their names. */
  readonly files: string[];
  readonly skipped: Skipped[];
}

/** The tree has more entries than a scan may visit. */
export class TooManyEntriesError extends Error {
  constructor(entriesMax: number) {
    super(`the tree has more than ${entriesMax} files and folders`);
    this.name = "TooManyEntriesError";
  }
}

interface Walk {
  readonly options: WalkOptions;
  readonly wanted: (path: string) => boolean;
  readonly files: string[];
  readonly tally: Tally;
  entries: number;
}

interface Folder {
  /** Relative; "" for the root. */
  readonly path: string;
  readonly depth: number;
  readonly rules: IgnoreRules;
}

/**
 * Lists the files to scan. It never follows a symbolic link, so it lists nothing outside the root.
 * @throws TooManyEntriesError, or the file system's error when the root cannot be read
 */
export async function walk(options: WalkOptions): Promise<WalkResult> {
  const state: Walk = {
    options,
    wanted: pathFilter(options.include, options.exclude),
    files: [],
    tally: createTally(),
    entries: 0,
  };
  await access(options.root, constants.R_OK);
  const stack: Folder[] = [{ path: "", depth: 0, rules: NO_RULES }];
  for (let folder = stack.pop(); folder; folder = stack.pop()) {
    stack.push(...(await visit(folder, state)).reverse());
  }
  return { files: state.files, skipped: state.tally.list() };
}

/** @returns the folders to visit next */
async function visit(folder: Folder, state: Walk): Promise<Folder[]> {
  const absolute = join(state.options.root, folder.path);
  const entries = await readdir(absolute, { withFileTypes: true }).catch(() => null); // No permission, or removed meanwhile.
  if (entries === null) {
    state.tally.add("unreadable", `${folder.path}/`);
    return [];
  }
  state.entries += entries.length;
  if (state.entries > state.options.entriesMax) throw new TooManyEntriesError(state.options.entriesMax);
  const gitignore = state.options.respectGitignore ? await readGitignore(absolute, entries) : null;
  const rules = gitignore === null ? folder.rules : folder.rules.inside(folder.path, gitignore);
  const folders: Folder[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder.path === "" ? entry.name : `${folder.path}/${entry.name}`;
    if (entry.isDirectory()) {
      if (keepFolder(entry.name, path, folder.depth + 1, rules, state))
        folders.push({ path, depth: folder.depth + 1, rules });
    } else {
      await takeFile(entry, path, rules, state);
    }
  }
  return folders;
}

function keepFolder(
  name: string,
  path: string,
  depth: number,
  rules: IgnoreRules,
  { options, tally }: Walk,
): boolean {
  if (name.includes(NOT_UTF8)) tally.add("bad_name", `${path}/`);
  else if (TOOL_FOLDERS.has(name)) tally.add("dependency_folder", `${path}/`);
  else if (rules.ignores(path, true)) tally.add("ignored", `${path}/`);
  else if (depth > options.depthMax) tally.add("too_deep", `${path}/`);
  else return true;
  return false;
}

async function takeFile(entry: Dirent, path: string, rules: IgnoreRules, state: Walk): Promise<void> {
  const { options, tally } = state;
  if (entry.isSymbolicLink()) return tally.add("symlink", path);
  if (!entry.isFile()) return tally.add("special", path);
  if (entry.name.includes(NOT_UTF8)) return tally.add("bad_name", path);
  if (rules.ignores(path, false)) return tally.add("ignored", path);
  if (!state.wanted(path)) return tally.add("excluded", path);
  if (GENERATED.test(entry.name)) return tally.add("minified", path);
  const found = await lstat(join(options.root, path)).catch(() => null); // Removed meanwhile.
  if (found === null) return tally.add("unreadable", path);
  if (found.size > options.fileBytesMax) return tally.add("too_large", path);
  if (state.files.length >= options.filesMax) return tally.add("over_count", path);
  state.files.push(path);
}

async function readGitignore(folder: string, entries: readonly Dirent[]): Promise<string | null> {
  if (!entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) return null;
  const file = await open(join(folder, ".gitignore"), constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    () => null,
  );
  if (file === null) return null; // Not readable: git would not read it either.
  try {
    const { bytesRead, buffer } = await file.read(
      Buffer.alloc(GITIGNORE_BYTES_MAX),
      0,
      GITIGNORE_BYTES_MAX,
      0,
    );
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
