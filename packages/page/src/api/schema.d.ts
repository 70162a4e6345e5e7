// Written by scripts/page-types.mjs from the API's own document.
export interface paths {
  "/api/jobs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Jobs, newest first */
    get: {
      parameters: {
        query?: {
          /** @description May be repeated, or a comma-separated list */
          status?: ("pending" | "running" | "completed" | "failed" | "cancelled")[];
          kind?: string;
          queue?: string;
          tag?: string;
          /** @description The id of a batch */
          batch?: string;
          /** @description An id, or a part of the kind, queue or unique key */
          q?: string;
          created_after?: string;
          created_before?: string;
          /** @description An integer from 1 to 1000 */
          limit?: number;
          /** @description Also return how many jobs match, from the same read */
          count?: "true" | "false";
          /** @description `next` of the previous page */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              jobs: components["schemas"]["JobSummary"][];
              /** @description The cursor of the next page; null on the last */
              next: string | null;
              /** @description With `count`: how many match on all pages; 10,000 stands for 10,000 or more */
              total: number | null;
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Submit a job
     * @description 202 means the job is committed. The same `Idempotency-Key` with the same body returns the same job again, with `Idempotent-Replayed: true`; 200 is the live job that holds the `unique_key`.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          "idempotency-key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewJobInput"];
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["DuplicateJob"];
          };
        };
        /** @description Accepted */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Job"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `KEY_IN_USE`: A transaction that has not ended holds the key; `UNIQUE_KEY_TAKEN`: Another live job holds the unique key */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `IDEMPOTENCY_MISMATCH`: The idempotency key was used with another body; `INVALID_INPUT`: The input is not valid; `UNKNOWN_KIND`: No such kind of job */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/batch": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Submit up to 10,000 jobs at once
     * @description One transaction: all jobs are committed, or none is and every issue is listed with its pointer. The same `Idempotency-Key` with the same body returns the same jobs again, with `Idempotent-Replayed: true`.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          "idempotency-key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            jobs: components["schemas"]["NewBatchJobInput"][];
          };
        };
      };
      responses: {
        /** @description Accepted */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description In the order of the request */
              jobs: {
                /** Format: uuid */
                id: string;
                kind: string;
                queue: string;
                /** @enum {string} */
                status: "pending" | "running" | "completed" | "failed" | "cancelled";
                version: number;
                /** @description The key by which the job was found; null when it is new */
                deduplicated: ("idempotency_key" | "unique_key") | null;
              }[];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `KEY_IN_USE`: A transaction that has not ended holds the key; `UNIQUE_KEY_TAKEN`: Another live job holds the unique key */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `IDEMPOTENCY_MISMATCH`: The idempotency key was used with another body; `INVALID_INPUT`: The input is not valid; `UNKNOWN_KIND`: No such kind of job */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A job
     * @description Its ETag is its version; `If-None-Match` answers 304 when that has not changed. While the database is down the response comes from the cache, and says so.
     */
    get: {
      parameters: {
        query?: {
          /** @description Wait for the job to finish before responding: seconds, at most 60 */
          wait?: number;
          /** @description Never return an older version: 503 STATUS_UNKNOWN instead. 0: any version */
          min_version?: number;
        };
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Job"];
          };
        };
        /** @description The version is still the one of If-None-Match */
        304: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `OVERLOADED`: The server is overloaded; `SHUTTING_DOWN`: The process is shutting down; `STATUS_UNKNOWN`: The status is unknown for now */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/cancel": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a job
     * @description A pending job is cancelled at once; a running one is asked to stop. Send `If-Match: "<version>"` to change the job only if it still has this version; otherwise 412.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Job"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ALREADY_FINISHED`: The job has already finished */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `VERSION_MISMATCH`: The job has changed */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run a finished job again
     * @description Starts a new run: failures are counted from 0, attempt numbers continue. Send `If-Match: "<version>"` to change the job only if it still has this version; otherwise 412.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Job"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ARCHIVED`: The job was moved to the archive; `NOT_FINISHED`: The job has not finished; `UNIQUE_KEY_TAKEN`: Another live job holds the unique key */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `VERSION_MISMATCH`: The job has changed */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/bulk": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel or retry up to 500 jobs
     * @description The response says for each job whether it changed, and if not, the error code. A job whose status has changed meanwhile is rejected as in a single request.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @enum {string} */
            action: "cancel" | "retry";
            ids: string[];
          };
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              changed: string[];
              refused: {
                /** Format: uuid */
                id: string;
                code: string;
              }[];
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/transitions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every change of a job's status */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              transitions: components["schemas"]["Transition"][];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ARCHIVED`: The job was moved to the archive */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/attempts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every grant of a job to a worker, and how it ended */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              attempts: {
                attempt: number;
                worker_id: string;
                /** Format: date-time */
                started_at: string;
                ended_at: string | null;
                /** @description null while it runs */
                outcome:
                  | ("completed" | "failed" | "cancelled" | "retried" | "released" | "lost" | "timeout")
                  | null;
                error: components["schemas"]["JobError"] | null;
              }[];
              late_results: {
                attempt: number;
                worker_id: string;
                outcome: unknown;
                /** Format: date-time */
                received_at: string;
              }[];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ARCHIVED`: The job was moved to the archive */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/logs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a job's handler logged */
    get: {
      parameters: {
        query?: {
          /** @description An integer from 0 to 9007199254740991 */
          after?: number;
          /** @description An integer from 1 to 1000 */
          limit?: number;
        };
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              lines: {
                /** @description Pass the last one back as `after` */
                seq: number;
                attempt: number;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                level: "debug" | "info" | "warn" | "error";
                message: string;
              }[];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ARCHIVED`: The job was moved to the archive */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/explain": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Why a job is in its status */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** Format: uuid */
              job_id: string;
              /** @enum {string} */
              status: "pending" | "running" | "completed" | "failed" | "cancelled";
              version: number;
              /** @description One sentence */
              summary: string;
              evidence: {
                name: string;
                value: unknown;
              }[];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ARCHIVED`: The job was moved to the archive */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/views": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A job's status in every place that shows it
     * @description The ledger is the record; Redis has a copy, and BullMQ has an entry when a bridge copies the job's queue there. Both may be slightly late. `agree` compares those that could be read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** Format: uuid */
              job_id: string;
              views: {
                /** @enum {string} */
                name: "ledger" | "redis" | "bullmq";
                /**
                 * @description unknown: it could not be read, or does not have this job
                 * @enum {string}
                 */
                state: "value" | "unknown";
                status: ("pending" | "running" | "completed" | "failed" | "cancelled") | null;
                /** @description The place's own word for the status, if it has one: BullMQ's `active` */
                word: string | null;
                /** @description null also for BullMQ, which has no versions */
                version: number | null;
                /** @description Why it is unknown */
                why: string | null;
                /**
                 * Format: date-time
                 * @description When this was read
                 */
                as_of: string;
              }[];
              /** @description null: fewer than two views could be read, so it is unknown */
              agree: boolean | null;
              /** @description When the ledger made the first transition that another view does not show; null: unknown */
              disagree_since: string | null;
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/artifacts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The files of an attempt of a job */
    get: {
      parameters: {
        query?: {
          /** @description Default: the latest */
          attempt?: number;
        };
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              attempt: number;
              artifacts: {
                name: string;
                bytes: number;
                sha256: string;
                media_type: string;
                /** Format: date-time */
                created_at: string;
              }[];
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `STORE_UNAVAILABLE`: The object store cannot be reached */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{id}/artifacts/{name}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One file of an attempt
     * @description Always a download, never a page: `Content-Disposition: attachment`, and a media type no browser runs.
     */
    get: {
      parameters: {
        query?: {
          /** @description Default: the latest */
          attempt?: number;
        };
        header?: never;
        path: {
          /** @description The job's id */
          id: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The file's bytes */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/octet-stream": unknown;
          };
        };
        /** @description The bytes that `Range` asks for: one range */
        206: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/octet-stream": unknown;
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ARTIFACT_NOT_FOUND`: No such artifact; `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `STORE_UNAVAILABLE`: The object store cannot be reached */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/batches": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Batches, newest first
     * @description With exact counts of each. Request few at a time: the jobs of every batch on the page are counted.
     */
    get: {
      parameters: {
        query?: {
          /** @description An integer from 1 to 100 */
          limit?: number;
          /** @description `next` of the previous page */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              batches: components["schemas"]["Batch"][];
              /** @description The cursor of the next page; null on the last */
              next: string | null;
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Submit many jobs of a kind as one batch
     * @description One transaction: 202 means that all jobs are committed. Invalid inputs are listed with their place, and nothing is committed; for a library, `skip_invalid` skips the lines that are not valid. The same `Idempotency-Key` with the same body returns the same batch again.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          "idempotency-key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["NewBatchInput"];
        };
      };
      responses: {
        /** @description Accepted */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Batch"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `IDEMPOTENCY_MISMATCH`: The idempotency key was used with another body; `INVALID_INPUT`: The input is not valid; `UNKNOWN_KIND`: No such kind of job */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/batches/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A batch: how many of its jobs are waiting, running and finished */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Batch"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BATCH_NOT_FOUND`: No such batch */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/batches/{id}/jobs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The jobs of a batch, newest first
     * @description As `GET /api/jobs` with `batch`.
     */
    get: {
      parameters: {
        query?: {
          /** @description May be repeated, or a comma-separated list */
          status?: ("pending" | "running" | "completed" | "failed" | "cancelled")[];
          /** @description An integer from 1 to 1000 */
          limit?: number;
          /** @description `next` of the previous page */
          cursor?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              jobs: components["schemas"]["JobSummary"][];
              /** @description The cursor of the next page; null on the last */
              next: string | null;
              /** @description With `count`: how many match on all pages; 10,000 stands for 10,000 or more */
              total: number | null;
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BATCH_NOT_FOUND`: No such batch */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/batches/{id}/cancel": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a batch
     * @description Waiting jobs are cancelled at once, running ones are asked to stop. A job that completes first stays completed.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description How many jobs this call changed */
              changed: number;
              batch: components["schemas"]["Batch"];
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BATCH_NOT_FOUND`: No such batch */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `VERSION_MISMATCH`: The job has changed */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/batches/{id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run the jobs again that did not complete
     * @description Every job of the batch that failed or was cancelled starts a new run; archived ones do not.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description How many jobs this call changed */
              changed: number;
              batch: components["schemas"]["Batch"];
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BATCH_NOT_FOUND`: No such batch */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `VERSION_MISMATCH`: The job has changed */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/batches/{id}/results": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The results of a batch's jobs, best first
     * @description Also while it runs: then the results of the jobs that have ended so far. Formats: `json`, `csv`, and those of the kind.
     */
    get: {
      parameters: {
        query?: {
          format?: string;
          /** @description Only the first results. Default: all */
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["BatchResults"] | unknown;
            "text/csv": components["schemas"]["BatchResults"] | unknown;
            "application/octet-stream": components["schemas"]["BatchResults"] | unknown;
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BATCH_NOT_FOUND`: No such batch */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `STORE_UNAVAILABLE`: The object store cannot be reached */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload a file
     * @description A multipart form with one file, of at most 50 MiB unless the server is configured otherwise. A job's input refers to the file by its `id`.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "multipart/form-data": {
            /** Format: binary */
            file: string;
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["File"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INVALID_INPUT`: The input is not valid */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `STORE_UNAVAILABLE`: The object store cannot be reached */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Information about an uploaded file */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["File"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FILE_NOT_FOUND`: No such file */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `STORE_UNAVAILABLE`: The object store cannot be reached */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/files/{id}/content": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * An uploaded file
     * @description For workers on other machines. Always a download, never a page.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The file's bytes */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/octet-stream": unknown;
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FILE_NOT_FOUND`: No such file */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `STORE_UNAVAILABLE`: The object store cannot be reached */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every change of status, as it is committed
     * @description Server-sent events. `transition`: one committed change; drop those whose (job_id, version) you have seen. `progress`: of the running jobs requested by id. `job`: the current state. `reset`: reload what you show, because changes may be missing before this point. Resume with `Last-Event-ID`: no version is skipped.
     */
    get: {
      parameters: {
        query?: {
          /** @description Only these jobs; the current state of each comes first, as `event: job` */
          job?: string[];
          kind?: string[];
          status?: ("pending" | "running" | "completed" | "failed" | "cancelled")[];
          /** @description Same as the Last-Event-ID header, for clients that cannot send it */
          last_event_id?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A stream of events that does not end */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/event-stream": string;
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `OVERLOADED`: The server is overloaded; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/kinds": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The kinds of jobs, by name
     * @description Every kind that a worker or client has recorded. A job of such a kind takes from it what its submit leaves out, and its input is checked against the schema.
     */
    get: {
      parameters: {
        query?: {
          /** @description An integer from 1 to 1000 */
          limit?: number;
          /** @description From the previous page's `next` */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              kinds: components["schemas"]["Kind"][];
              /** @description The cursor of the next page; null on the last */
              next: string | null;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/kinds/{kind}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A kind of job, with its defaults and the schema of its input */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          kind: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Kind"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `NOT_FOUND`: Not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/queues": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The queues and their lengths */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              queues: components["schemas"]["Queue"][];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/queues/{queue}/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Stop granting a queue's jobs
     * @description Running jobs continue; jobs can still be submitted.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          queue: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Queue"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `QUEUE_NOT_FOUND`: No such queue */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/queues/{queue}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Grant a queue's jobs again
     * @description Jobs that waited meanwhile are granted in order.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          queue: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Queue"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `QUEUE_NOT_FOUND`: No such queue */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/queues/{queue}/limits": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The limits of a queue */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          queue: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["QueueLimits"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    /**
     * Set or remove one limit of a queue
     * @description It applies to every claim that begins after the response, in every process; running jobs continue. Without `concurrency` and `rate` the limit is removed.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          queue: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["SetLimitInput"];
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["QueueLimits"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INVALID_INPUT`: The input is not valid */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workers": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The registered workers */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              workers: components["schemas"]["Worker"][];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Register a worker
     * @description One registration per process; a restarted process registers again. Send a heartbeat every `heartbeat_seconds`: after `lease_seconds` of silence the worker is lost and its jobs are given to other workers. With `definitions` the worker records its kinds, as they are now, for everybody who submits.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            name: string;
            /** @default unknown */
            host?: string;
            /** @default 0 */
            pid?: number;
            /**
             * @description Empty means all
             * @default []
             */
            queues?: string[];
            kinds: string[];
            /** @default 1 */
            concurrency?: number;
            /**
             * @description Definitions of kinds that the worker offers: the defaults of a submit, and the input's schema
             * @default []
             */
            definitions?: {
              kind: string;
              /** @default null */
              description?: string | null;
              /** @default default */
              queue?: string;
              /** @default 0 */
              priority?: number;
              /** @default 3 */
              max_attempts?: number;
              /** @default null */
              timeout_ms?: number | null;
              /**
               * @description The maximum of the first wait after a failure, and of any
               * @default null
               */
              backoff?: {
                base_delay_ms: number;
                max_delay_ms: number;
              } | null;
              /** @default null */
              limit_key?: string | null;
              /**
               * @description JSON Schema (2020-12) of the input. Default: the input is not checked at submit
               * @default null
               */
              input_schema?: {
                [key: string]: unknown;
              } | null;
            }[];
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** Format: uuid */
              id: string;
              lease_seconds: number;
              heartbeat_seconds: number;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workers/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Deregister a worker
     * @description Jobs it still holds are given to other workers.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The worker's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deregistered */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site; `WORKER_OF_ANOTHER_KEY`: Another API key registered the worker */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `WORKER_NOT_FOUND`: No such worker */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workers/{id}/claim": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Claim jobs to run
     * @description Waits up to `wait` seconds for the first job. Request only as many as can run at once: a claimed job is running.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The worker's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @description Default: the queues it registered for */
            queue?: string;
            /** @description Default: the kinds it registered for */
            kinds?: string[];
            /** @default 1 */
            limit?: number;
            /**
             * @description Seconds
             * @default 0
             */
            wait?: number;
          };
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              jobs: components["schemas"]["ClaimedJob"][];
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site; `WORKER_OF_ANOTHER_KEY`: Another API key registered the worker */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `WORKER_NOT_FOUND`: No such worker */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `OVERLOADED`: The server is overloaded; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workers/{id}/heartbeat": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a worker's heartbeat, with its jobs and their progress
     * @description Name every job that the worker holds. A granted job that it does not name counts as lost, and is given to other workers. The response says for each job whether it must stop.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The worker's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @description Every job the worker runs */
            held: {
              /** Format: uuid */
              job_id: string;
              attempt: number;
              progress?: {
                fraction: number;
                /** @default null */
                message?: string | null;
              };
              /** @default [] */
              logs?: {
                /**
                 * @default info
                 * @enum {string}
                 */
                level?: "debug" | "info" | "warn" | "error";
                message: string;
                /** Format: date-time */
                at: string;
              }[];
            }[];
          };
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              jobs: {
                /** Format: uuid */
                job_id: string;
                attempt: number;
                /** @description Why the attempt must stop; null when it may continue. `fenced`: it no longer belongs to this worker */
                recall: ("cancel_requested" | "fenced") | null;
              }[];
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site; `WORKER_OF_ANOTHER_KEY`: Another API key registered the worker */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `WORKER_NOT_FOUND`: No such worker */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workers/{id}/settle": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Commit the outcomes of attempts
     * @description The response has the result of each. If the response was lost, send the request again: the second call says `already`. A result that cannot be stored fails only its own job.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The worker's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            settlements: {
              /** Format: uuid */
              job_id: string;
              attempt: number;
              /**
               * Format: uuid
               * @description The token of the claim. Without it a claim that a failover lost may be taken for its successor
               */
              claim_token?: string;
              outcome:
                | {
                    /** @enum {string} */
                    type: "completed";
                    /**
                     * @description The result: at most 8 MiB
                     * @default null
                     */
                    output?: unknown;
                  }
                | {
                    /** @enum {string} */
                    type: "failed";
                    error: {
                      /** @default Error */
                      name?: string;
                      message: string;
                      /** @default null */
                      code?: string | null;
                      /** @default null */
                      stack?: string | null;
                    };
                    /**
                     * @description false when a retry cannot help
                     * @default true
                     */
                    retry?: boolean;
                  }
                | {
                    /** @enum {string} */
                    type: "released";
                  }
                | {
                    /** @enum {string} */
                    type: "cancelled";
                    /** @default null */
                    error?: {
                      /** @default Error */
                      name?: string;
                      message: string;
                      /** @default null */
                      code?: string | null;
                      /** @default null */
                      stack?: string | null;
                    } | null;
                  };
            }[];
          };
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              receipts: {
                /** Format: uuid */
                job_id: string;
                attempt: number;
                /** @enum {string} */
                result: "accepted" | "already" | "late" | "fenced" | "unstorable";
                /** @description The result in one sentence */
                why: string;
                status: ("pending" | "running" | "completed" | "failed" | "cancelled") | null;
                version: number | null;
              }[];
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site; `WORKER_OF_ANOTHER_KEY`: Another API key registered the worker */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `WORKER_NOT_FOUND`: No such worker */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/stats": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The whole system in numbers */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description Jobs by status; 10,000 stands for 10,000 or more when `capped` names the status */
              counts: {
                pending: number;
                running: number;
                completed: number;
                failed: number;
                cancelled: number;
              };
              capped: ("pending" | "running" | "completed" | "failed" | "cancelled")[];
              delayed: number;
              oldest_ready_at: string | null;
              workers_live: number;
              /** @description Jobs that ended in each of the last 60 minutes, oldest first */
              throughput: {
                /** Format: date-time */
                minute: string;
                completed: number;
                failed: number;
                cancelled: number;
              }[];
              latest_failures: {
                message: string;
                kind: string;
                count: number;
                /** Format: uuid */
                last_job_id: string;
                /** Format: date-time */
                last_at: string;
              }[];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/stats/latencies": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How long jobs waited and ran, minute by minute */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description The minutes of the last hour in which jobs ended, oldest first */
              minutes: {
                /** Format: date-time */
                minute: string;
                n: number;
                /** @description Seconds at the 50th, 95th and 99th percentile */
                wait: number[];
                /** @description Seconds at the 50th, 95th and 99th percentile */
                run: number[];
              }[];
              /**
               * @description Where the response comes from: the committed record, or a copy that may be late
               * @enum {string}
               */
              source: "ledger" | "cache";
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/workers/{id}/jobs/{job_id}/artifacts/{name}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Store a file of a job that the worker holds
     * @description The body is the file's bytes. 409 FENCED: the attempt no longer belongs to this worker. Files of an attempt are visible when it is the job's latest.
     */
    put: {
      parameters: {
        query: {
          /** @description An integer from 1 to 2147483647 */
          attempt: number;
        };
        header?: never;
        path: {
          id: string;
          job_id: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Created */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              name: string;
              bytes: number;
              sha256: string;
              media_type: string;
              /** Format: date-time */
              created_at: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site; `WORKER_OF_ANOTHER_KEY`: Another API key registered the worker */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `JOB_NOT_FOUND`: No such job; `WORKER_NOT_FOUND`: No such worker */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FENCED`: The attempt no longer belongs to this worker */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INVALID_INPUT`: The input is not valid */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `STORE_UNAVAILABLE`: The object store cannot be reached */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/checks": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The latest checks, newest first */
    get: {
      parameters: {
        query?: {
          /** @description An integer from 1 to 50 */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              checks: components["schemas"]["DoctorCheck"][];
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Compare the ledger with its projection in Redis
     * @description Reads only. While a check is running, a second call returns that one.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Accepted */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["DoctorCheck"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/checks/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The progress of a check, or its result */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The check's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["DoctorCheck"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `NOT_FOUND`: Not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/checks/{id}/findings": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The jobs that the latest check found in drift
     * @description At most 200 of each pattern and action; the check's `cells` count all of them.
     */
    get: {
      parameters: {
        query?: {
          pattern?: string;
          action?: string;
        };
        header?: never;
        path: {
          /** @description The check's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              findings: components["schemas"]["DoctorFinding"][];
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `NOT_FOUND`: Not found */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/plans": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Check, and create a plan of the repairs
     * @description Changes nothing. The plan can be used once, within an hour.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Created */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["DoctorPlan"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `PLAN_BRAKED`: A safety stop blocks the plan */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `VIEW_MISMATCH`: A view is not what the configuration says */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `VIEW_UNREADABLE`: A view cannot be read */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/plans/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a plan would change, and the progress of its apply */
    get: {
      parameters: {
        query?: {
          after?: number;
          /** @description An integer from 1 to 1000 */
          limit?: number;
          pattern?: string;
        };
        header?: never;
        path: {
          /** @description The plan's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["DoctorPlanPage"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `PLAN_NOT_FOUND`: No such plan */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `PLAN_STALE`: The plan cannot be used any more */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/plans/{id}/apply": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make the repairs of a plan
     * @description Each only if nothing has changed since. An interrupted run continues.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The plan's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @default 1000 */
            max_repairs?: number;
            /**
             * @description Only these patterns
             * @default null
             */
            only?: string[] | null;
            /**
             * @description Writes at most
             * @default null
             */
            per_second?: number | null;
            /**
             * @description Only these jobs
             * @default null
             */
            ids?: string[] | null;
          };
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["DoctorRun"];
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `PLAN_NOT_FOUND`: No such plan */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DOCTOR_BUSY`: Another process is running the doctor; `PLAN_STALE`: The plan cannot be used any more */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `VIEW_UNREADABLE`: A view cannot be read */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/plans/{id}/stop": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Stop the apply of a plan
     * @description Stops after the writes in progress. Applying the plan again continues where it stopped.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The plan's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              was_applying: boolean;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `PLAN_NOT_FOUND`: No such plan */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/runs/{id}/undo": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Undo the changes of a run
     * @description Only where nothing has changed since; the rest is listed. With `dry_run: true` nothing is written.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The run's id */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @default false */
            dry_run?: boolean;
          };
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description The run of the undo; null: nothing was written */
              id: string | null;
              undone: number;
              left: {
                id: string;
                view: string;
                why: string;
              }[];
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `RUN_NOT_FOUND`: No such run */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DOCTOR_BUSY`: Another process is running the doctor; `PLAN_STALE`: The plan cannot be used any more */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down; `VIEW_UNREADABLE`: A view cannot be read */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/runs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What was repaired and undone, newest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              runs: {
                id: string;
                /** @enum {string} */
                kind: "apply" | "undo";
                /** @description The plan that was applied, or the run that was undone */
                of: string;
                actor: string;
                /** Format: date-time */
                started_at: string;
                ended_at: string | null;
                /** @description How it ended; null: it is running, or was interrupted */
                reason: ("done" | "limit" | "stopped") | null;
                written: number;
                changed: number;
                refused: number;
              }[];
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/doctor/writes": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Each write to one of Lockstep's own stores, newest first
     * @description Of every process: this server, the command line, the bridge to BullMQ. Kept for 90 days. `next` is for `before`.
     */
    get: {
      parameters: {
        query?: {
          /** @description Only writes of this job */
          job?: string;
          /** @description Only entries older than this */
          before?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              writes: components["schemas"]["DoctorWrite"][];
              next: string | null;
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `FORBIDDEN`: The API key lacks the role; `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/session": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who this browser is signed in as */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description Whether this browser must sign in before it can read anything */
              needs_key: boolean;
              /** @description Name of the key it signed in with */
              name: string | null;
              /** @description What it may do; null: nothing */
              role: ("read" | "submit" | "operate" | "work" | "admin") | null;
            };
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /**
     * Sign a browser in with an API key
     * @description Answers with a cookie that is HttpOnly and SameSite=Strict. It holds a session, not the key; revoking the key ends it.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            key: string;
          };
        };
      };
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @description Whether this browser must sign in before it can read anything */
              needs_key: boolean;
              /** @description Name of the key it signed in with */
              name: string | null;
              /** @description What it may do; null: nothing */
              role: ("read" | "submit" | "operate" | "work" | "admin") | null;
            };
          };
        };
        /** @description `INVALID_REQUEST`: The request is malformed */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNAUTHORIZED`: An API key is needed */
        401: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `BODY_TOO_LARGE`: The body is too large */
        413: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
        415: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    /**
     * Sign a browser out
     * @description The cookie is removed at once, even when the database does not answer and the session itself remains.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              signed_out: true;
            };
          };
        };
        /** @description `ORIGIN_REFUSED`: The request comes from another site */
        403: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/health/ready": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether this process can do its work
     * @description 503 when the database is down: a problem document that has `dependencies` too.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description OK */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /**
               * @description degraded: Redis is down; no job waits for it
               * @enum {string}
               */
              status: "ready" | "degraded";
              dependencies: {
                /** @enum {string} */
                name: "database" | "redis";
                /** @enum {string} */
                status: "up" | "down";
                /**
                 * Format: date-time
                 * @description When this process first saw this state
                 */
                since: string;
                latency_ms: number | null;
              }[];
              workers_live: number | null;
              /** @description For each kind, how many live workers offer it, and what a worker's machine needs for it */
              kinds: {
                kind: string;
                workers_live: number | null;
                programs: {
                  program: string;
                  debian_package: string;
                }[];
              }[];
              version: string;
              /**
               * Format: date-time
               * @description When this was read
               */
              as_of: string;
            };
          };
        };
        /** @description `INTERNAL`: Internal error */
        500: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
        /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached; `SHUTTING_DOWN`: The process is shutting down */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Batch: {
      /** Format: uuid */
      id: string;
      name: string;
      kind: string;
      /** @description How many were submitted */
      jobs: number;
      /** @description Exact, and all from the same moment */
      counts: {
        pending: number;
        running: number;
        completed: number;
        failed: number;
        cancelled: number;
      };
      progress: {
        finished: number;
        /** @description Between 0 and 1 */
        fraction: number;
      };
      /** @description How many of the finished jobs were moved to the archive */
      archived: number;
      /** @description Lines of the library that were skipped */
      skipped: number;
      /** @description The first hundred of them */
      skipped_lines: {
        line: number;
        detail: string;
      }[];
      library: string | null;
      actor: string;
      /** Format: date-time */
      created_at: string;
      /**
       * @description Where the response comes from: the committed record, or a copy that may be late
       * @enum {string}
       */
      source: "ledger" | "cache";
      /**
       * Format: date-time
       * @description When this was read
       */
      as_of: string;
    };
    BatchResults: {
      batch: components["schemas"]["Batch"];
      columns: string[];
      results: {
        /** @description 1 is the best; null without a score */
        rank: number | null;
        /** Format: uuid */
        job_id: string;
        /** @enum {string} */
        status: "completed" | "failed" | "cancelled";
        attempt: number;
        score: number | null;
        values: {
          [key: string]: string | number | null;
        };
        error: {
          code: string | null;
          message: string;
        } | null;
      }[];
    };
    ClaimedJob: {
      /** Format: uuid */
      id: string;
      kind: string;
      queue: string;
      /** @enum {string} */
      status: "pending" | "running" | "completed" | "failed" | "cancelled";
      /** @description Grows by one with every transition */
      version: number;
      /** @description How often the job was granted to a worker */
      attempt: number;
      failures: number;
      /** @description Attempts lost with their worker; no failures */
      losses: number;
      max_attempts: number;
      /** @description Smaller runs first */
      priority: number;
      progress?: {
        /** @description Between 0 and 1 */
        fraction: number;
        message: string | null;
        /** Format: date-time */
        at: string;
      } | null;
      error?: components["schemas"]["JobError"] | null;
      worker_id: string | null;
      tags: string[];
      timeout_ms: number | null;
      unique_key: string | null;
      limit_key: string | null;
      /** @description The batch it was submitted with */
      batch_id?: string | null;
      /** Format: date-time */
      run_at: string;
      deadline_at: string | null;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      cancel_requested_at: string | null;
      /** @description Who made the last transition */
      actor: string;
      /**
       * @description Why the last transition was made
       * @enum {string}
       */
      reason:
        | "submitted"
        | "claimed"
        | "succeeded"
        | "late_result"
        | "error"
        | "retry"
        | "timeout"
        | "lost"
        | "released"
        | "cancel_requested"
        | "cancelled"
        | "requeued";
      input?: unknown;
      output?: unknown;
      /**
       * @description Where the response comes from: the committed record, or a copy that may be late
       * @enum {string}
       */
      source: "ledger" | "cache";
      /**
       * Format: date-time
       * @description When this was read
       */
      as_of: string;
      /**
       * @description The job was moved to the archive: this is how it ended
       * @constant
       */
      archived?: true;
      archive?: {
        /** Format: date-time */
        at: string;
        file: string;
        /** @description false: the file cannot be read here, so input, output, error and progress are omitted */
        readable: boolean;
      };
      traceparent: string | null;
      /** @description Name it when the attempt is settled: it is part of the fence */
      claim_token: string;
    };
    DoctorCheck: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      status: "running" | "done" | "failed";
      /** Format: date-time */
      started_at: string;
      progress: {
        done: number;
        total: number | null;
        drifting: number;
        open: number;
      } | null;
      /** @description null until it is done */
      summary: components["schemas"]["DoctorCheckSummary"] | null;
      /** @description The findings, by pattern and by what a plan would do */
      cells: {
        pattern: string;
        /**
         * @description What a plan would do; none: a person has to decide
         * @enum {string}
         */
        action: "settle" | "remove" | "enqueue" | "refresh" | "none";
        jobs: number;
      }[];
      error: string | null;
    };
    DoctorCheckSummary: {
      /** Format: date-time */
      started_at: string;
      seconds: number;
      /** @description The view that should be right */
      record: string;
      views: {
        view: string;
        type: string;
        count_estimate: number | null;
      }[];
      notes: string[];
      compared: number;
      agreeing: number;
      drifting: number;
      /** @description Jobs that changed while they were compared */
      settling: number;
      patterns: {
        pattern: string;
        jobs: number;
        live: number;
        oldest: {
          id: string;
          /** Format: date-time */
          since: string;
        } | null;
        examples: string[];
        causes: {
          code: string;
          sentence: string;
          jobs: number;
          example: {
            id: string;
            evidence: string;
          };
        }[];
        what: string;
        users_see: string;
        cost: string;
        next: string;
      }[];
      unmapped: {
        view: string;
        word: string;
        jobs: number;
      }[];
      unmapped_jobs: number;
      unreadable: {
        view: string;
        id: string;
        why: string;
      }[];
      unreadable_jobs: number;
      unknown_jobs: number;
      /** @description Safety stops: reasons to doubt the mapping */
      brakes: (
        | {
            /** @constant */
            kind: "too-many";
            drift: number;
            compared: number;
          }
        | {
            /** @constant */
            kind: "swapped";
            view: string;
            words: string[];
          }
      )[];
      /** @description Why not everything could be read; null: it was */
      interrupted: string | null;
      /** @enum {string} */
      verdict: "clean" | "drift" | "unknown";
    };
    DoctorFinding: {
      id: string;
      pattern: string;
      /** @description The view that differs from the record */
      view: string;
      /**
       * @description What a plan would do; none: a person has to decide
       * @enum {string}
       */
      action: "settle" | "remove" | "enqueue" | "refresh" | "none";
      /** @description Why a plan would do nothing; null: it would act */
      why: string | null;
      /** @description A worker is running it right now, so it is never repaired */
      is_live: boolean;
      since: string | null;
      cause: string;
      views: {
        view: string;
        /** @enum {string} */
        state: "value" | "absent" | "unknown";
        word: string | null;
        status: ("pending" | "running" | "completed" | "failed" | "cancelled") | null;
      }[];
    };
    DoctorPlan: {
      /** @description null: there is nothing to repair */
      id: string | null;
      expires_at: string | null;
      repairs: number;
      skipped: number;
      by_pattern: {
        [key: string]: {
          repairs: number;
          skipped: number;
        };
      };
      /** @description The first repairs, each with its changes */
      examples: {
        id: string;
        pattern: string;
        /** @description The view that would be changed */
        view: string;
        /** @enum {string} */
        action: "settle" | "remove" | "enqueue" | "refresh";
        changes: {
          field: string;
          from: string | null;
          to: string | null;
          source: string;
        }[];
      }[];
      /** @description The first jobs that need a person's decision, and why */
      skip_examples: {
        id: string;
        pattern: string;
        why: string;
      }[];
      check: components["schemas"]["DoctorCheckSummary"];
    };
    DoctorPlanPage: {
      id: string;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      expires_at: string;
      repairs: number;
      skipped: number;
      items: {
        id: string;
        pattern: string;
        /** @description The view that would be changed */
        view: string;
        /** @enum {string} */
        action: "settle" | "remove" | "enqueue" | "refresh";
        changes: {
          field: string;
          from: string | null;
          to: string | null;
          source: string;
        }[];
      }[];
      /** @description Value of `after` for the next page; null: no more */
      next: number | null;
      /** @description Progress of its apply; null: it is not being applied */
      applying: {
        written: number;
        changed: number;
        refused: number;
      } | null;
    };
    DoctorRun: {
      id: string;
      /** @enum {string} */
      reason: "done" | "limit" | "stopped";
      written: number;
      /** @description Skipped, because they have changed since the plan */
      changed: number;
      refused: number;
      /** @description It continued an interrupted run of this plan */
      resumed: boolean;
    };
    DoctorWrite: {
      id: string;
      /** Format: date-time */
      at: string;
      /** @description Who requested it; `doctor`: the server by itself; `bullmq`: the bridge */
      actor: string;
      /** @description null: there was no plan */
      run: string | null;
      view: string;
      /** Format: uuid */
      job_id: string;
      action: string;
      /** @description null: it is unknown whether it was made */
      outcome: string | null;
    };
    /** @description The live job that already holds the unique key */
    DuplicateJob: {
      /** Format: uuid */
      id: string;
      kind: string;
      queue: string;
      /** @enum {string} */
      status: "pending" | "running" | "completed" | "failed" | "cancelled";
      /** @description Grows by one with every transition */
      version: number;
      /** @description How often the job was granted to a worker */
      attempt: number;
      failures: number;
      /** @description Attempts lost with their worker; no failures */
      losses: number;
      max_attempts: number;
      /** @description Smaller runs first */
      priority: number;
      progress?: {
        /** @description Between 0 and 1 */
        fraction: number;
        message: string | null;
        /** Format: date-time */
        at: string;
      } | null;
      error?: components["schemas"]["JobError"] | null;
      worker_id: string | null;
      tags: string[];
      timeout_ms: number | null;
      unique_key: string | null;
      limit_key: string | null;
      /** @description The batch it was submitted with */
      batch_id?: string | null;
      /** Format: date-time */
      run_at: string;
      deadline_at: string | null;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      cancel_requested_at: string | null;
      /** @description Who made the last transition */
      actor: string;
      /**
       * @description Why the last transition was made
       * @enum {string}
       */
      reason:
        | "submitted"
        | "claimed"
        | "succeeded"
        | "late_result"
        | "error"
        | "retry"
        | "timeout"
        | "lost"
        | "released"
        | "cancel_requested"
        | "cancelled"
        | "requeued";
      input?: unknown;
      output?: unknown;
      /**
       * @description Where the response comes from: the committed record, or a copy that may be late
       * @enum {string}
       */
      source: "ledger" | "cache";
      /**
       * Format: date-time
       * @description When this was read
       */
      as_of: string;
      /**
       * @description The job was moved to the archive: this is how it ended
       * @constant
       */
      archived?: true;
      archive?: {
        /** Format: date-time */
        at: string;
        file: string;
        /** @description false: the file cannot be read here, so input, output, error and progress are omitted */
        readable: boolean;
      };
      /** @constant */
      deduplicated: true;
    };
    File: {
      /** @description SHA-256 of the content; equal files are stored once */
      id: string;
      name: string;
      bytes: number;
      /** @description Detected from the content */
      media_type: string;
      /** Format: date-time */
      created_at: string;
    };
    Job: {
      /** Format: uuid */
      id: string;
      kind: string;
      queue: string;
      /** @enum {string} */
      status: "pending" | "running" | "completed" | "failed" | "cancelled";
      /** @description Grows by one with every transition */
      version: number;
      /** @description How often the job was granted to a worker */
      attempt: number;
      failures: number;
      /** @description Attempts lost with their worker; no failures */
      losses: number;
      max_attempts: number;
      /** @description Smaller runs first */
      priority: number;
      progress?: {
        /** @description Between 0 and 1 */
        fraction: number;
        message: string | null;
        /** Format: date-time */
        at: string;
      } | null;
      error?: components["schemas"]["JobError"] | null;
      worker_id: string | null;
      tags: string[];
      timeout_ms: number | null;
      unique_key: string | null;
      limit_key: string | null;
      /** @description The batch it was submitted with */
      batch_id?: string | null;
      /** Format: date-time */
      run_at: string;
      deadline_at: string | null;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      cancel_requested_at: string | null;
      /** @description Who made the last transition */
      actor: string;
      /**
       * @description Why the last transition was made
       * @enum {string}
       */
      reason:
        | "submitted"
        | "claimed"
        | "succeeded"
        | "late_result"
        | "error"
        | "retry"
        | "timeout"
        | "lost"
        | "released"
        | "cancel_requested"
        | "cancelled"
        | "requeued";
      /** @description Not part of a response from the cache */
      input?: unknown;
      output?: unknown;
      /**
       * @description Where the response comes from: the committed record, or a copy that may be late
       * @enum {string}
       */
      source: "ledger" | "cache";
      /**
       * Format: date-time
       * @description When this was read
       */
      as_of: string;
      /**
       * @description The job was moved to the archive: this is how it ended
       * @constant
       */
      archived?: true;
      archive?: {
        /** Format: date-time */
        at: string;
        file: string;
        /** @description false: the file cannot be read here, so input, output, error and progress are omitted */
        readable: boolean;
      };
      /** @description true: the output is too large for the cache, so `output` is null until the ledger can be read */
      output_omitted?: boolean;
    };
    JobError: {
      name: string;
      message: string;
      code: string | null;
      stack: string | null;
      attempt: number;
      /** Format: date-time */
      at: string;
    };
    /** @description A job without its payloads */
    JobSummary: {
      /** Format: uuid */
      id: string;
      kind: string;
      queue: string;
      /** @enum {string} */
      status: "pending" | "running" | "completed" | "failed" | "cancelled";
      /** @description Grows by one with every transition */
      version: number;
      /** @description How often the job was granted to a worker */
      attempt: number;
      failures: number;
      /** @description Attempts lost with their worker; no failures */
      losses: number;
      max_attempts: number;
      /** @description Smaller runs first */
      priority: number;
      progress: {
        /** @description Between 0 and 1 */
        fraction: number;
        message: string | null;
        /** Format: date-time */
        at: string;
      } | null;
      error: components["schemas"]["JobError"] | null;
      worker_id: string | null;
      tags: string[];
      timeout_ms: number | null;
      unique_key: string | null;
      limit_key: string | null;
      /** @description The batch it was submitted with */
      batch_id?: string | null;
      /** Format: date-time */
      run_at: string;
      deadline_at: string | null;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      cancel_requested_at: string | null;
      /** @description Who made the last transition */
      actor: string;
      /**
       * @description Why the last transition was made
       * @enum {string}
       */
      reason:
        | "submitted"
        | "claimed"
        | "succeeded"
        | "late_result"
        | "error"
        | "retry"
        | "timeout"
        | "lost"
        | "released"
        | "cancel_requested"
        | "cancelled"
        | "requeued";
    };
    Kind: {
      kind: string;
      description: string | null;
      queue: string;
      priority: number;
      max_attempts: number;
      timeout_ms: number | null;
      /** @description The wait after a failure; null: the usual one */
      backoff: {
        base_delay_ms: number;
        max_delay_ms: number;
      } | null;
      limit_key: string | null;
      /** @description JSON Schema (2020-12) of the input; null: it is not described, and not checked here */
      input_schema: {
        [key: string]: unknown;
      } | null;
      /** @description Changes with the definition; null: a worker has only named the kind */
      version_hash: string | null;
      /** @description null while the database is down: then only the server's own kinds are known */
      recorded_at: string | null;
      /** @description Programs that a worker's machine needs to offer the kind */
      programs: {
        program: string;
        debian_package: string;
      }[];
      /** @description Live workers that offer it; null while the database is down */
      workers_live: number | null;
    };
    NewBatchInput: {
      /** @description One of GET /api/kinds, unless allow_unknown is true */
      kind: string;
      /** @description For people. Default: the kind */
      name?: string;
      /**
       * @description Members that the inputs of all jobs share
       * @default {}
       */
      input: {
        [key: string]: unknown;
      };
      /** @description The input of each job; its members override the shared ones */
      inputs?: unknown[];
      /** @description Instead of inputs: the id of an uploaded file that the kind splits into inputs */
      library?: string;
      /**
       * @description Skip lines of the library that are not valid, instead of rejecting the whole batch
       * @default false
       */
      skip_invalid: boolean;
      /** @description Default: the kind's own queue */
      queue?: string;
      /** @description Smaller runs first. Default 0 */
      priority?: number;
      /**
       * Format: date-time
       * @description Default: now
       */
      run_at?: string;
      /** @description Default: the kind's own */
      max_attempts?: number;
      /** @description For each attempt. Default: the kind's own */
      timeout_ms?: number;
      /** @description The queue's limits by key count the job under this key */
      limit_key?: string;
      /** @description Labels for filters */
      tags?: string[];
      /** @description Accepts a kind that no worker or client has recorded. Its input is not checked. Default: false */
      allow_unknown?: boolean;
    };
    NewBatchJobInput: {
      /** @description One of GET /api/kinds, unless allow_unknown is true */
      kind: string;
      /**
       * @description Must match the kind's input_schema. At most 1 MiB and 100 levels deep
       * @default {}
       */
      input: unknown;
      /** @description Default: the kind's own queue */
      queue?: string;
      /** @description Smaller runs first. Default 0 */
      priority?: number;
      /**
       * Format: date-time
       * @description Default: now
       */
      run_at?: string;
      /** @description Default: the kind's own */
      max_attempts?: number;
      /** @description For each attempt. Default: the kind's own */
      timeout_ms?: number;
      /** @description At most one pending or running job of a kind has a given unique key */
      unique_key?: string;
      /** @description The queue's limits by key count the job under this key */
      limit_key?: string;
      /** @description Labels for filters */
      tags?: string[];
      /** @description Accepts a kind that no worker or client has recorded. Its input is not checked. Default: false */
      allow_unknown?: boolean;
      /** @description Like the Idempotency-Key header of a single job */
      idempotency_key?: string;
    };
    NewJobInput: {
      /** @description One of GET /api/kinds, unless allow_unknown is true */
      kind: string;
      /**
       * @description Must match the kind's input_schema. At most 1 MiB and 100 levels deep
       * @default {}
       */
      input: unknown;
      /** @description Default: the kind's own queue */
      queue?: string;
      /** @description Smaller runs first. Default 0 */
      priority?: number;
      /**
       * Format: date-time
       * @description Default: now
       */
      run_at?: string;
      /** @description Default: the kind's own */
      max_attempts?: number;
      /** @description For each attempt. Default: the kind's own */
      timeout_ms?: number;
      /** @description At most one pending or running job of a kind has a given unique key */
      unique_key?: string;
      /** @description The queue's limits by key count the job under this key */
      limit_key?: string;
      /** @description Labels for filters */
      tags?: string[];
      /** @description Accepts a kind that no worker or client has recorded. Its input is not checked. Default: false */
      allow_unknown?: boolean;
    };
    /** @description An RFC 9457 problem document */
    Problem: {
      /** @description A URI reference: where the code is explained */
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @enum {string} */
      code:
        | "INVALID_INPUT"
        | "INVALID_REQUEST"
        | "BODY_TOO_LARGE"
        | "UNSUPPORTED_MEDIA_TYPE"
        | "UNKNOWN_KIND"
        | "NOT_FOUND"
        | "METHOD_NOT_ALLOWED"
        | "JOB_NOT_FOUND"
        | "WORKER_NOT_FOUND"
        | "BATCH_NOT_FOUND"
        | "QUEUE_NOT_FOUND"
        | "SCHEDULE_NOT_FOUND"
        | "FILE_NOT_FOUND"
        | "ARTIFACT_NOT_FOUND"
        | "STORE_UNAVAILABLE"
        | "KEY_NOT_FOUND"
        | "IDEMPOTENCY_MISMATCH"
        | "KEY_IN_USE"
        | "UNIQUE_KEY_TAKEN"
        | "ALREADY_FINISHED"
        | "NOT_FINISHED"
        | "ARCHIVED"
        | "SCHEDULE_EXISTS"
        | "VERSION_MISMATCH"
        | "FENCED"
        | "UNAUTHORIZED"
        | "FORBIDDEN"
        | "WORKER_OF_ANOTHER_KEY"
        | "ORIGIN_REFUSED"
        | "DATABASE_UNAVAILABLE"
        | "STATUS_UNKNOWN"
        | "OVERLOADED"
        | "SCHEMA_NEWER"
        | "SCHEMA_OLD"
        | "SCHEMA_CHANGED"
        | "SCHEMA_NOT_OWNED"
        | "SCHEMA_NEEDS_SESSION"
        | "DATA_DIR_LOCKED"
        | "INVALID_CONFIG"
        | "PUBLIC_WITHOUT_KEY"
        | "RESULT_UNSTORABLE"
        | "HANDLER_FAULT"
        | "JOB_CANCELLED"
        | "JOB_TIMEOUT"
        | "LEASE_LOST"
        | "SHUTTING_DOWN"
        | "WORKER_LOST"
        | "WAIT_TIMEOUT"
        | "JOB_FAILED"
        | "ARCHIVE_BUSY"
        | "VIEW_UNREADABLE"
        | "VIEW_MISMATCH"
        | "PLAN_NOT_FOUND"
        | "PLAN_STALE"
        | "PLAN_BRAKED"
        | "RUN_NOT_FOUND"
        | "DOCTOR_BUSY"
        | "INTERNAL";
      request_id: string;
      errors: {
        /** @description RFC 6901 pointer into the body, or into the part that `in` names */
        pointer: string;
        detail: string;
        /** @enum {string} */
        in?: "query" | "path" | "header";
      }[];
    };
    Queue: {
      queue: string;
      paused_at: string | null;
      pending: number;
      delayed: number;
      running: number;
      /** @description Whether a count was capped at 10,000 */
      capped: boolean;
      /** @description When the oldest claimable job became claimable */
      oldest_ready_at: string | null;
      /** @description Live workers that take this queue */
      workers: number;
    };
    QueueLimits: {
      queue: string;
      /** @description For all jobs of the queue together */
      limit: {
        concurrency: number | null;
        rate: {
          count: number;
          per_ms: number;
        } | null;
      } | null;
      /** @description Of each limit key without its own limit */
      each_key: {
        concurrency: number | null;
        rate: {
          count: number;
          per_ms: number;
        } | null;
      } | null;
      keys: {
        concurrency: number | null;
        rate: {
          count: number;
          per_ms: number;
        } | null;
        key: string;
      }[];
    };
    SetLimitInput: {
      /**
       * @description All jobs of the queue, those of each limit key, or those of one limit key
       * @default queue
       * @enum {string}
       */
      scope: "queue" | "each_key" | "key";
      /** @description With the scope `key` */
      key?: string;
      /**
       * @description How many jobs run at once. null: no limit
       * @default null
       */
      concurrency: number | null;
      /**
       * @description At most `count` attempts start in any period of `per_ms`. null: no limit
       * @default null
       */
      rate: {
        count: number;
        per_ms: number;
      } | null;
    };
    Transition: {
      /** Format: uuid */
      job_id: string;
      version: number;
      from_status: ("pending" | "running" | "completed" | "failed" | "cancelled") | null;
      /** @enum {string} */
      status: "pending" | "running" | "completed" | "failed" | "cancelled";
      attempt: number;
      actor: string;
      /** @enum {string} */
      reason:
        | "submitted"
        | "claimed"
        | "succeeded"
        | "late_result"
        | "error"
        | "retry"
        | "timeout"
        | "lost"
        | "released"
        | "cancel_requested"
        | "cancelled"
        | "requeued";
      detail: unknown;
      /** Format: date-time */
      at: string;
    };
    Worker: {
      /** Format: uuid */
      id: string;
      name: string;
      host: string;
      pid: number;
      /** @description Empty means all */
      queues: string[];
      kinds: string[];
      concurrency: number;
      /** Format: date-time */
      started_at: string;
      /** Format: date-time */
      heartbeat_at: string;
      heartbeat_age_seconds: number;
      draining: boolean;
      running: number;
      /** @description Whether the heartbeat is younger than the lease */
      live: boolean;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
