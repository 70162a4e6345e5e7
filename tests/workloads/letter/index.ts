import { LockstepError } from "lockstep/internal/errors";
import { defineJob } from "lockstep/internal/job";
import {
  type CommandContext,
  defineWorkload,
  setting,
  WAIT_TIMEOUT,
  type WorkloadCommand,
  wholeNumber,
} from "lockstep/internal/workload";
import { z } from "zod";

const output = z.object({ text: z.string() });

interface LetterFlags {
  readonly copies?: number;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

const write: WorkloadCommand<LetterFlags> = {
  name: "write <to>",
  summary: "Write a letter",
  description: "Write a letter and print it.",
  examples: ["lockstep write Ada --wait"],
  options: [
    { flags: "--copies <n>", description: "how many (default: 1)", value: wholeNumber(1, 9) },
    { flags: "--wait", description: "wait for the letter" },
    WAIT_TIMEOUT,
  ],
  async run(context: CommandContext<LetterFlags>) {
    const { args, options } = context;
    const [to = ""] = args;
    if (to === "") throw context.misuse("say to whom");
    const { exitCode, job } = await context.submitJob(
      { kind: "letter", input: { to, copies: options.copies } },
      { wait: options.wait === true, timeoutSeconds: options.waitTimeout ?? null },
    );
    if (job !== null && !context.json) context.out(context.text.line(output.parse(job.output).text));
    return exitCode;
  },
};

/** A workload with every optional part, in its own folder. */
export const letter = defineWorkload({
  kind: "letter",
  settings: {
    letterGreeting: setting({
      variable: "LOCKSTEP_LETTER_GREETING",
      flag: "--letter-greeting",
      value: "text",
      meaning: "how a letter begins",
      schema: z.string().max(20),
      fallback: "Dear",
    }),
  },
  job: ({ settings: { letterGreeting } }) =>
    defineJob({
      kind: "letter",
      description: "Writes a letter",
      input: z.strictObject({ to: z.string().min(1), copies: z.int().min(1).max(9).default(1) }),
      async run({ to, copies }, ctx) {
        const text = Array(copies).fill(`${letterGreeting} ${to}`).join("; ");
        await ctx.artifacts.write("letter.txt", `${text}\n`);
        return { text, pages: copies };
      },
    }),
  programs: { needed: [{ program: "quill", debian_package: "goose" }], missing: () => [] },
  results: {
    shown: (found) => output.safeParse(found).data?.text ?? null,
    files: { txt: "letter.txt" },
    description: "`txt`, the letter.",
  },
  batch: {
    library: {
      formats: "a name a line",
      split: (content) => ({
        entries: Buffer.from(content)
          .toString()
          .split("\n")
          .flatMap((to, index) => (to === "" ? [] : [{ line: index + 1, input: { to } }])),
        issues: [],
      }),
    },
    ranking: {
      score: (found) => output.safeParse(found).data?.text.length ?? null,
      columns: ["letter"],
      row: (_input, found) => [output.safeParse(found).data?.text ?? null],
      files: {
        txt: {
          holds: "all letters",
          artifact: "letter.txt",
          mediaType: "text/plain",
          part: (text, { rank }) => `${rank}. ${text}`,
        },
      },
    },
  },
  form: {
    description: "`to_whom`.",
    input(fields) {
      const to = fields.get("to_whom");
      if (to === undefined)
        throw new LockstepError("INVALID_INPUT", "A field of the form is not valid.", {
          issues: [{ pointer: "/to_whom", detail: "is needed" }],
        });
      return { to };
    },
  },
  commands: [write],
  example: ({ letterGreeting }) => ({
    command: "write Ada --wait",
    meaning: `a letter that begins with ${letterGreeting}`,
    input: { to: "Ada" },
  }),
});
