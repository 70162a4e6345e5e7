import type { Severity } from "../report/finding.js";
import type { RuleFacts } from "./row.js";

/**
 * What each secretlint rule finds, by the last part of its name. Credentials for a whole account
 * are critical.
 */
const SECRETS: Readonly<Record<string, readonly [severity: Severity, what: string]>> = {
  "1password": ["critical", "1Password service account token"],
  anthropic: ["high", "Anthropic API key"],
  aws: ["critical", "AWS secret access key"],
  basicauth: ["high", "Password in a URL"],
  "database-connection-string": ["high", "Database password in a connection string"],
  databricks: ["high", "Databricks token"],
  docker: ["high", "Docker access token"],
  figma: ["high", "Figma token"],
  gcp: ["critical", "Google Cloud service account key"],
  github: ["critical", "GitHub token"],
  gitlab: ["critical", "GitLab token"],
  grafana: ["high", "Grafana token"],
  groq: ["high", "Groq API key"],
  "hashicorp-vault": ["critical", "HashiCorp Vault token"],
  huggingface: ["high", "Hugging Face token"],
  linear: ["high", "Linear API key"],
  notion: ["high", "Notion token"],
  npm: ["critical", "npm access token"],
  openai: ["high", "OpenAI API key"],
  privatekey: ["critical", "Private key"],
  sendgrid: ["high", "SendGrid API key"],
  shopify: ["high", "Shopify token"],
  slack: ["high", "Slack token or webhook"],
  vercel: ["high", "Vercel token"],
};

/** @param name the last part of the rule's name, such as `aws` */
export function secretFacts(name: string): RuleFacts {
  const [severity, what] = SECRETS[name] ?? ["high", `Credential (${name})`];
  return {
    title: `${what} in a file`,
    severity,
    category: "secret",
    cwe: "CWE-798",
    recommendation:
      "Revoke it, remove it from the file and its history, and read it from the environment or a secret store.",
  };
}
