import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { DEADLINE_MS } from "../runner/deadline.js";
import { findOrInstall } from "../servers/install.js";

const PROGRAM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  // Without a graphics card, 3D is drawn by software.
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Promise<Browser> | null = null;

afterAll(async () => {
  await (await browser)?.close();
  browser = null;
});

export interface OpenOptions {
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** Default true. */
  readonly webgl?: boolean;
}

export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * What the browser refused or a script threw. Failed requests are not included: some tests cut
   * them.
   */
  readonly issues: readonly string[];
  close(): Promise<void>;
}

/** Debian's Chromium, with a new profile for every tab. */
export async function openTab(url: string, options: OpenOptions = {}): Promise<Tab> {
  const program = findOrInstall("chromium", () => (existsSync(PROGRAM) ? PROGRAM : null));
  browser ??= chromium.launch({ executablePath: program, args: FLAGS });
  const { theme = "light", width = 1_280, height = 800, webgl = true } = options;
  const context = await (await browser).newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(DEADLINE_MS);
  if (!webgl) await context.addInitScript(withoutWebGl);
  const page = await context.newPage();
  const issues: string[] = [];
  page.on("pageerror", (error) => issues.push(`thrown: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      issues.push(message.text());
  });
  page.on("dialog", (dialog) => {
    issues.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, context, issues, close: () => context.close() };
}

/** Asserts that no script threw and the page's policy refused nothing. */
export function expectNoErrors({ issues }: Tab): void {
  expect(issues.filter((issue) => !/net::ERR_/.test(issue))).toEqual([]);
}

/** Runs in the page, before its own scripts. */
function withoutWebGl(): void {
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (
    this: HTMLCanvasElement,
    kind: string,
    ...rest: unknown[]
  ) {
    return kind.startsWith("webgl") ? null : Reflect.apply(getContext, this, [kind, ...rest]);
  } as typeof getContext;
}
