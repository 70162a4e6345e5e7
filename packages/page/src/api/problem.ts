/** A failed response of the API: an RFC 9457 problem document. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly requestId: string | null;
  readonly issues: readonly Issue[];

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.name = "ApiProblem";
    this.status = status;
    this.code = body.code ?? "";
    this.title = body.title ?? "The request failed";
    this.requestId = body.request_id ?? null;
    this.issues = body.errors ?? [];
  }
}

/** Nothing answered: the server, or the connection to it, is gone. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server does not answer.", { cause });
    this.name = "Unreachable";
  }
}

export interface Issue {
  /** A JSON pointer into the request. */
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly request_id?: string;
  readonly errors?: readonly Issue[];
}

/** Whether a later retry can help: the database or the server is unreachable. */
export function isOutage(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiProblem && error.status >= 500);
}
