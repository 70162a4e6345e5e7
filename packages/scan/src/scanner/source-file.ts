import { extname } from "node:path";

/** A text file that the scanners process. */
export interface SourceFile {
  /** Relative to the scanned folder, with `/`. */
  readonly path: string;
  readonly absolutePath: string;
  /** With the dot, in lower case. */
  readonly extension: string;
  readonly text: string;
  readonly lines: readonly string[];
}

export function sourceFile(path: string, absolutePath: string, text: string): SourceFile {
  return {
    path,
    absolutePath,
    extension: extname(path).toLowerCase(),
    text,
    lines: text.split(/\r\n|[\n\r\u2028\u2029]/),
  };
}
