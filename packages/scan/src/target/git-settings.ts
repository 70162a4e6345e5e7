import { join } from "node:path";
import type { GitUrl } from "./git-url.js";

const SLOW_BYTES_A_SECOND = 1_000;
const SLOW_SECONDS = 30;

export interface GitSettings {
  readonly url: GitUrl;
  /** A file with certificates to trust instead of the system's. */
  readonly caFile: string | null;
  /**
   * The host's addresses; git connects to these and resolves nothing. Empty when the URL contains
   * an address.
   */
  readonly addresses: readonly string[];
}

/**
 * The complete git configuration, as arguments: the machine's and the user's configuration are
 * disabled.
 */
export function gitConfig({ url, caFile, addresses }: GitSettings): string[] {
  const settings: Record<string, string> = {
    "protocol.allow": "never",
    "protocol.https.allow": "always",
    "http.followRedirects": "false",
    "http.proxy": "",
    "http.lowSpeedLimit": String(SLOW_BYTES_A_SECOND),
    "http.lowSpeedTime": String(SLOW_SECONDS),
    "credential.helper": "",
    "core.askPass": "",
    "core.hooksPath": "/dev/null",
    "core.attributesFile": "/dev/null",
    "core.excludesFile": "/dev/null",
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "core.autocrlf": "false",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "transfer.bundleURI": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
    "init.defaultBranch": "main",
  };
  if (caFile !== null) settings["http.sslCAInfo"] = caFile;
  if (addresses.length > 0) {
    const listed = addresses.map((address) => (address.includes(":") ? `[${address}]` : address)).join(",");
    settings["http.curloptResolve"] = `${url.host}:${url.port}:${listed}`;
  }
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** The complete environment of git. @param dir a private folder with `home` in it */
export function gitEnvironment(dir: string, searchPath: string): Record<string, string> {
  return {
    PATH: searchPath,
    HOME: join(dir, "home"),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CEILING_DIRECTORIES: dir,
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "https",
    GIT_PROTOCOL_FROM_USER: "0",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
  };
}
