import type { RuleRow, RuleRows } from "./row.js";

const EVAL: RuleRow = [
  "high",
  "injection",
  95,
  "Code built at run time",
  "Do not run text as code; look up the operation in a table of functions.",
];
const ESCAPING = "Keep escaping enabled, and mark only your own text as safe.";

/** Rules about untrusted text that becomes code, a command, a query, a path or markup. */
export const INJECTION_ROWS: RuleRows = {
  "sonarjs/code-eval": EVAL,
  "security/detect-eval-with-expression": EVAL,
  "sonarjs/sql-queries": [
    "high",
    "injection",
    89,
    "SQL built from text",
    "Pass values as parameters of a prepared statement.",
  ],
  "security/detect-child-process": [
    "high",
    "injection",
    78,
    "Shell command built from text",
    "Run the program directly with a list of arguments, without a shell.",
  ],
  "sonarjs/dynamically-constructed-templates": [
    "high",
    "injection",
    1336,
    "Template built from text",
    "Keep templates fixed and pass values to them.",
  ],
  "sonarjs/disabled-auto-escaping": ["high", "injection", 79, "HTML escaping disabled", ESCAPING],
  "security/detect-disable-mustache-escape": ["high", "injection", 79, "HTML escaping disabled", ESCAPING],
  "sonarjs/no-angular-bypass-sanitization": ["high", "injection", 79, "HTML sanitizer bypassed", ESCAPING],
  "sonarjs/dompurify-unsafe-config": ["high", "injection", 79, "HTML sanitizer weakened", ESCAPING],
  "sonarjs/xml-parser-xxe": [
    "high",
    "injection",
    611,
    "XML parser that loads external entities",
    "Disable external entities and document types.",
  ],
  "security/detect-non-literal-require": [
    "medium",
    "injection",
    829,
    "Module chosen at run time",
    "Choose from a fixed list of modules.",
  ],
  "security/detect-non-literal-fs-filename": [
    "info",
    "injection",
    22,
    "File name not fixed in the source",
    "If it is untrusted, resolve it and check that it is inside the intended folder.",
  ],
  "security/detect-object-injection": [
    "info",
    "injection",
    1321,
    "Property name not fixed in the source",
    "If it is untrusted, use a Map or check it against a list.",
  ],
  "security/detect-bidi-characters": [
    "high",
    "injection",
    1007,
    "Character that reorders the displayed text",
    "Remove it, and review what the code really does.",
  ],
  "security/detect-invisible-characters": [
    "medium",
    "injection",
    1007,
    "Invisible character",
    "Remove it, and review what the code really does.",
  ],
};
