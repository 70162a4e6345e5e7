/** One instruction of a Dockerfile, with its continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export function instructions(dockerfile: string): Instruction[] {
  return dockerfile
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [name = ""] = line.trim().split(/\s/, 1);
      return { name: name.toUpperCase(), text: line.trim().slice(name.length).trim() };
    });
}

/**
 * Checks a Dockerfile against the rules for a small image that runs as an unprivileged user.
 * @returns a sentence for each fault
 */
export function dockerfileIssues(dockerfile: string): string[] {
  const all = instructions(dockerfile);
  const of = (name: string) => all.filter((one) => one.name === name);
  const stages = of("FROM");
  const last = all.slice(all.map((one) => one.name).lastIndexOf("FROM"));
  const user = last.filter((one) => one.name === "USER").at(-1)?.text ?? "root";
  const runs = of("RUN").map((one) => one.text);
  const issues: string[] = [];
  if (stages.length < 2) issues.push("one stage: the tools of the build would be in the image");
  if (/^(root|0)(:|$)/.test(user)) issues.push("USER: the last stage runs as root");
  if (of("ADD").length > 0) issues.push("ADD: use COPY; what comes from the network is not in the lock");
  if (
    !runs.some((text) => /\bnpm ci\b/.test(text)) ||
    runs.some((text) => /\bnpm (i|install|add)\b/.test(text))
  )
    issues.push("npm ci: install exactly what the lock says");
  if (!last.some((one) => one.name === "HEALTHCHECK")) issues.push("HEALTHCHECK: there is none");
  for (const { text } of stages) if (!/:\d/.test(text)) issues.push(`FROM ${text}: the base has no version`);
  for (const { text } of [...of("ENV"), ...of("ARG")])
    if (/(TOKEN|PASSWORD|SECRET|_URL|_KEY)=/.test(text))
      issues.push(`a secret or address in the image: ${text}`);
  return issues;
}
