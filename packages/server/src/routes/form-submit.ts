import multipart from "@fastify/multipart";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { LockstepError } from "lockstep/internal/errors";
import type { Batch } from "lockstep/internal/ledger";
import type { Workload } from "lockstep/internal/workload";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { Kinds } from "../kind-catalog/index.js";
import type { ServerContext } from "../server-context.js";
import { toStatusView } from "../status-view.js";
import { newBatch } from "../wire/batch.js";
import * as fields from "../wire/fields.js";
import { submitBatch } from "./batches.js";
import { attachment, safeMediaType } from "./download.js";
import { brokenForm } from "./files.js";
import { findJob, jobPath } from "./find-job.js";
import { assertValidInputs, toRequest } from "./submit.js";

const FIELD_BYTES_MAX = 65_536;
const PARTS_MAX = 32;
/** The form's fields besides the input. */
const OWN_FIELDS = ["job_type", "library", "skip_invalid"];

/** A form's fields as text, and its files as the ids they were stored under. */
type Form = ReadonlyMap<string, string>;

/** Routes for scripts: a form in, a file of the result out. */
export async function formSubmitRoutes(app: App, context: ServerContext): Promise<void> {
  const inOwnScope: FastifyPluginAsync = async (scope) => {
    await scope.register(multipart);
    addSubmit(scope.withTypeProvider<ZodTypeProvider>(), context);
  };
  await app.register(inOwnScope);
  addResult(app, context);
}

const submittedJob = z.object({
  job_id: fields.id,
  status: fields.status,
  message: z.string(),
  version: z.int(),
  source: fields.source,
  as_of: fields.asOf,
});
const submittedBatch = z.object({
  batch_id: fields.id,
  jobs: z.int(),
  skipped: z.int().describe("Lines of the library that were skipped"),
  message: z.string(),
});

async function submitLibrary(
  context: ServerContext,
  asked: {
    readonly kind: string;
    readonly input: Record<string, unknown>;
    readonly library: string;
    readonly form: Form;
  },
  actor: string,
): Promise<Batch> {
  const { kind, input, library, form } = asked;
  const given = form.get("skip_invalid") || "false";
  if (given !== "true" && given !== "false") throw invalidField("/skip_invalid", "must be true or false");
  const body = newBatch.parse({ kind, input, library, skip_invalid: given === "true" });
  return (await submitBatch(context, body, { actor })).batch;
}

function addSubmit(app: App, context: ServerContext): void {
  const { ledger, files, kinds } = context;
  app.post(
    "/api/submit",
    {
      config: {
        role: "submit",
        problems: [
          "INVALID_REQUEST",
          "INVALID_INPUT",
          "UNKNOWN_KIND",
          "BODY_TOO_LARGE",
          "UNSUPPORTED_MEDIA_TYPE",
          "STORE_UNAVAILABLE",
        ],
      },
      schema: {
        summary: "Submit a job as a form",
        description: `\`job_type\` is the kind, the other fields and files are its input. With a file \`library\` the response is a batch, and \`skip_invalid\` (true or false) skips lines that are not valid. ${formsText(kinds.workloads)}202 means the job is committed.`,
        tags: ["Jobs"],
        consumes: ["multipart/form-data"],
        response: { 202: z.union([submittedJob, submittedBatch]) },
      },
    },
    async (request, reply) => {
      const form = await readForm(request, files);
      const asked = askedBy(form, kinds);
      const library = form.get("library");
      if (library !== undefined) {
        const { id, jobs, skipped } = await submitLibrary(
          context,
          { ...asked, library, form },
          request.actor,
        );
        const message = `${jobs} jobs submitted${skipped > 0 ? `, ${skipped} lines skipped` : ""}`;
        return reply
          .code(202)
          .header("location", `/api/batches/${id}`)
          .send({ batch_id: id, jobs, skipped, message });
      }
      const ofRequest = kinds.ofRequest();
      await assertValidInputs(ofRequest, [asked], () => "");
      const { job } = await ledger.submit(await toRequest(ofRequest, asked), { actor: request.actor });
      const { job_id, status, message, version, source, as_of } = toStatusView(job);
      const answer = { job_id, status, message, version, source, as_of };
      return reply.code(202).header("location", `/api/jobs/${job.id}`).send(answer);
    },
  );
}

/** Stores the form's files as they arrive. */
async function readForm(request: FastifyRequest, files: ServerContext["files"]): Promise<Form> {
  if (!request.isMultipart())
    throw new LockstepError("UNSUPPORTED_MEDIA_TYPE", "Send the form as multipart/form-data.");
  const form = new Map<string, string>();
  const limits = {
    fileSize: Number.POSITIVE_INFINITY,
    fieldSize: FIELD_BYTES_MAX,
    context: PARTS_MAX,
    headerPairs: 20,
  };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === "field") form.set(part.fieldname, String(part.value).trim());
      else if (part.filename === "")
        part.file.resume(); // A browser sends this when no file was chosen.
      else form.set(part.fieldname, (await files.putFile(part.file, { name: part.filename })).id);
    }
  } catch (error) {
    throw brokenForm(error);
  }
  return form;
}

/**
 * What a form submits: if the kind has no form of its own, the fields are the members of the input.
 */
function askedBy(
  form: Form,
  kinds: Kinds,
): { readonly kind: string; readonly input: Record<string, unknown> } {
  const kind = form.get("job_type") || kinds.workloads.find(({ form: own }) => own !== null)?.kind;
  if (kind === undefined) throw invalidField("/job_type", "is needed");
  const fields = new Map([...form].filter(([name]) => !OWN_FIELDS.includes(name)));
  const input = kinds.workload(kind)?.form?.input(fields) ?? Object.fromEntries(fields);
  return { kind, input };
}

function invalidField(pointer: string, detail: string): LockstepError {
  return new LockstepError("INVALID_INPUT", "A field of the form is not valid.", {
    issues: [{ pointer, detail }],
  });
}

/**
 * The fields of each kind that has its own form; the first kind is the default without `job_type`.
 */
function formsText(workloads: readonly Workload[]): string {
  return workloads
    .flatMap(({ kind, form }) => (form === null ? [] : [`For ${kind}: ${form.description} `]))
    .join("");
}

function resultsText(workloads: readonly Workload[]): string {
  const texts = workloads.flatMap(({ kind, results }) =>
    results.description === "" ? [] : [`For ${kind}: ${results.description}`],
  );
  return texts.length === 0 ? "The types are the kind's own." : texts.join(" ");
}

function addResult(app: App, { ledger, files, kinds }: ServerContext): void {
  app.get(
    "/api/result/:id/:type",
    {
      config: {
        role: "read",
        problems: ["JOB_NOT_FOUND", "NOT_FINISHED", "ARTIFACT_NOT_FOUND", "STORE_UNAVAILABLE"],
      },
      schema: {
        summary: "The result of a completed job as one file",
        description: resultsText(kinds.workloads),
        tags: ["Files"],
        params: jobPath.extend({ type: z.string() }),
        produces: ["application/octet-stream"],
        response: { 200: z.unknown().describe("The file's bytes") },
      },
    },
    async (request, reply) => {
      const job = await findJob(ledger, request.params.id);
      const { type } = request.params;
      if (job.status === "pending" || job.status === "running")
        throw new LockstepError("NOT_FINISHED", `The job is ${job.status}; it has no result yet.`);
      const name = new Map(Object.entries(kinds.workload(job.kind)?.results.files ?? {})).get(type);
      if (name === undefined || job.status !== "completed")
        throw new LockstepError("ARTIFACT_NOT_FOUND", "The job has no result of this type.");
      const { info, stream } = await files.openArtifact(job.id, job.attempt, name);
      reply
        .header("content-disposition", attachment(`${job.id}-${info.name}`))
        .header("content-length", info.bytes);
      return reply.type(safeMediaType(info.media_type)).send(stream);
    },
  );
}
