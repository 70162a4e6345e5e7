import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrInstall } from "../../../../tests/servers/install.js";

export interface Certificate {
  readonly keyFile: string;
  readonly certificateFile: string;
  /** PEM: the certificate is its own authority. */
  readonly ca: string;
  remove(): void;
}

/** Makes a key and a self-signed certificate for this machine's loopback address. */
export function makeCertificate(): Certificate {
  const openssl = findOrInstall("openssl", () => (works("openssl") ? "openssl" : null));
  const folder = mkdtempSync(join(tmpdir(), "lockstep-certificate-"));
  const [keyFile, certificateFile] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  args.push("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost");
  execFileSync(openssl, [...args, "-keyout", keyFile, "-out", certificateFile], { stdio: "pipe" });
  return {
    keyFile,
    certificateFile,
    ca: readFileSync(certificateFile, "utf8"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function works(program: string): boolean {
  try {
    execFileSync(program, ["version"], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}
