import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { findOrInstall } from "../../../tests/servers/install.js";

export interface GitServer {
  readonly port: number;
  /**
   * A certificate authority for the server's certificate, which is for localhost, 127.0.0.1 and
   * git.example.test.
   */
  readonly caFile: string;
  /** The commit of the branch `main`. */
  readonly commit: string;
  /** How many requests came, by the first part of their path. */
  readonly requests: Map<string, number>;
  close(): Promise<void>;
}

const onPath = (name: string) => (existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : null);

/**
 * Serves a repository over https: `/repo.git` as git does, `/moved.git` with a redirect to it,
 * `/closed.git` only with credentials, and `/stalled.git` without ever answering. Every other path
 * is not found.
 * @param dir an empty folder
 * @param files of the branch `main`; content that begins with `link:` becomes a symbolic link
 */
export async function startGitServer(
  dir: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<GitServer> {
  const git = findOrInstall("git", () => onPath("git"));
  const backend = join(execFileSync(git, ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");
  const commit = await makeRepository(git, dir, files);
  const certificate = makeCertificate(dir);
  const requests = new Map<string, number>();
  const server = createServer(certificate, (request, response) => {
    const [, first = ""] = (request.url ?? "").split("/");
    requests.set(first, (requests.get(first) ?? 0) + 1);
    if (first === "repo.git") return serveGit(backend, dir, request, response);
    if (first === "moved.git")
      return response.writeHead(302, { location: (request.url ?? "").replace("moved", "repo") }).end();
    if (first === "closed.git")
      return response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    if (first !== "stalled.git") return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    caFile: join(dir, "certificate.pem"),
    commit,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function makeRepository(
  git: string,
  dir: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<string> {
  const work = join(dir, "work");
  const run = (...args: string[]) =>
    execFileSync(git, args, { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  await mkdir(work);
  run("init", "-q", "-b", "main");
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    if (typeof content === "string" && content.startsWith("link:"))
      await symlink(content.slice("link:".length), join(work, path));
    else await writeFile(join(work, path), content);
  }
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.test"];
  run("add", "-A", "-f");
  run(...who, "commit", "-q", "-m", "first");
  run(...who, "tag", "-a", "v1", "-m", "v1");
  run("checkout", "-q", "-b", "other");
  await writeFile(join(work, "only-on-other.txt"), "x\n");
  run("add", "-A", "-f");
  run(...who, "commit", "-q", "-m", "second");
  run("checkout", "-q", "main");
  run("clone", "-q", "--bare", work, join(dir, "repo.git"));
  return run("rev-parse", "main");
}

function makeCertificate(dir: string): { key: Buffer; cert: Buffer } {
  const openssl = findOrInstall("openssl", () => onPath("openssl"));
  const key = join(dir, "key.pem");
  const cert = join(dir, "certificate.pem");
  const names = "subjectAltName=DNS:localhost,DNS:git.example.test,IP:127.0.0.1";
  const args = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
  ];
  execFileSync(openssl, [...args, "-subj", "/CN=localhost", "-addext", names, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** Runs git's own CGI program and turns its answer into an HTTP answer. */
function serveGit(backend: string, root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "https://localhost");
  const child = spawn(backend, [], {
    env: {
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      // The folder may belong to another user than the one that runs this.
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => response.destroy());
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.on("close", () => {
    const answer = Buffer.concat(parts);
    const end = answer.indexOf("\r\n\r\n");
    const headers = answer
      .subarray(0, end)
      .toString("latin1")
      .split("\r\n")
      .map((line) => line.split(/:\s*/, 2) as [string, string]);
    const status = Number.parseInt(headers.find(([name]) => name === "Status")?.[1] ?? "200", 10);
    response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== "Status")));
    response.end(answer.subarray(end + 4));
  });
}
