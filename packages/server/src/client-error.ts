import type { Socket } from "node:net";
import { LockstepError } from "lockstep/internal/errors";
import { newId } from "lockstep/internal/job";
import { toProblem } from "./problem.js";

/**
 * Answers bytes that are not an HTTP request, before the framework sees one, and closes the
 * connection.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new LockstepError(
    "INVALID_REQUEST",
    "This is not a complete and well-formed HTTP request.",
  );
  const body = JSON.stringify(toProblem(problem, newId()));
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
