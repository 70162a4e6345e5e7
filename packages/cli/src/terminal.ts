import pc from "picocolors";
import type { Colors } from "picocolors/types.js";
import type { TerminalEnvironment } from "./config.js";
import { safeJson } from "./safe-text.js";

/** Where the command line prints. Data goes to stdout, messages about it to stderr. */
export interface Terminal {
  /** Prints a line, or lines, of data. */
  out(text: string): void;
  /** Writes to stdout as it is. */
  write(text: string): void;
  /** Prints one JSON document: indented for a reader, one line for a program. */
  json(document: object): void;
  /** Prints one line of a stream of JSON documents. */
  jsonLine(document: object): void;
  /** Prints a line about the progress of the command. */
  note(text: string): void;
  /** Writes to stderr unchanged, for a line that is redrawn. */
  draw(text: string): void;
  /** Colours for stdout, and for stderr. Without colour they return the text unchanged. */
  readonly paint: Colors;
  readonly paintNote: Colors;
  /** Width limit for data, in columns; null: no limit, because the data goes to a program. */
  readonly width: number | null;
  /** Columns of stderr; null when it is not a terminal. */
  readonly noteWidth: number | null;
  /** Whether a person can answer a question. */
  readonly canAsk: boolean;
}

export interface Streams {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function createTerminal(streams: Streams, environment: TerminalEnvironment): Terminal {
  const { stdin, stdout, stderr } = streams;
  const widthOf = (stream: NodeJS.WriteStream) =>
    stream.isTTY ? (environment.columns ?? stream.columns ?? 80) : null;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    write: (text) => void stdout.write(text),
    json: (document) => void stdout.write(`${safeJson(document, stdout.isTTY ? 2 : undefined)}\n`),
    jsonLine: (document) => void stdout.write(`${safeJson(document)}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    draw: (text) => void stderr.write(text),
    paint: pc.createColors(environment.color ?? stdout.isTTY === true),
    paintNote: pc.createColors(environment.color ?? stderr.isTTY === true),
    get width() {
      return widthOf(stdout);
    },
    get noteWidth() {
      return widthOf(stderr);
    },
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
  };
}
