import type { RuleRow, RuleRows } from "./row.js";

const HEADER = "Leave the header at the framework's secure default.";
const REGEX: RuleRow = [
  "medium",
  "denial_of_service",
  1333,
  "Regular expression that can take extremely long",
  "Rewrite it without nested or overlapping repetition, or limit the length of the text it matches.",
];

/** Rules about access, settings, denial of service and memory. */
export const EXPOSURE_ROWS: RuleRows = {
  "sonarjs/csrf": [
    "high",
    "access_control",
    352,
    "Protection against forged requests disabled",
    "Keep it enabled for every request that changes something.",
  ],
  "security/detect-no-csrf-before-method-override": [
    "medium",
    "access_control",
    352,
    "Forged requests bypass the check",
    "Put the method override before the check.",
  ],
  "sonarjs/cors": [
    "medium",
    "access_control",
    942,
    "Every site may read the responses",
    "List the allowed sites.",
  ],
  "sonarjs/post-message": [
    "medium",
    "access_control",
    346,
    "Message accepted from any site",
    "Check the sender's origin, and set the receiver's origin.",
  ],
  "sonarjs/session-regeneration": [
    "medium",
    "access_control",
    384,
    "Session kept through sign-in",
    "Create a new session when someone signs in.",
  ],
  "sonarjs/insecure-cookie": [
    "medium",
    "access_control",
    614,
    "Cookie sent without encryption",
    "Set the cookie's secure attribute.",
  ],
  "sonarjs/cookie-no-httponly": [
    "medium",
    "access_control",
    1004,
    "Cookie readable by scripts",
    "Set the cookie's httpOnly attribute.",
  ],
  "sonarjs/no-session-cookies-on-static-assets": [
    "low",
    "access_control",
    525,
    "Session cookie on static files",
    "Serve static files before the session middleware.",
  ],
  "sonarjs/file-permissions": [
    "medium",
    "access_control",
    732,
    "File writable by everybody",
    "Give write permission to the owner only.",
  ],
  "sonarjs/file-uploads": [
    "medium",
    "access_control",
    434,
    "Uploads without limits",
    "Limit size and type, and keep uploads out of the served folder.",
  ],
  "sonarjs/publicly-writable-directories": [
    "medium",
    "access_control",
    377,
    "Predictable temporary file",
    "Create a private folder with fs.mkdtemp.",
  ],
  "sonarjs/no-os-command-from-path": [
    "low",
    "access_control",
    426,
    "Program looked up in PATH",
    "Name the program by its full path, or set PATH yourself.",
  ],
  "sonarjs/link-with-target-blank": [
    "low",
    "access_control",
    1022,
    "Opened page can control this one",
    "Add rel=noopener.",
  ],

  "sonarjs/production-debug": [
    "medium",
    "configuration",
    489,
    "Debugging enabled",
    "Enable it in development only.",
  ],
  "sonarjs/x-powered-by": [
    "low",
    "configuration",
    200,
    "Server reveals its software",
    "Disable the x-powered-by header.",
  ],
  "sonarjs/content-security-policy": [
    "medium",
    "configuration",
    693,
    "Content security policy disabled",
    HEADER,
  ],
  "sonarjs/no-mime-sniff": ["low", "configuration", 693, "Browsers may guess content types", HEADER],
  "sonarjs/no-referrer-policy": ["low", "configuration", 200, "Addresses leak to other sites", HEADER],
  "sonarjs/disabled-resource-integrity": [
    "low",
    "dependency",
    353,
    "Third-party script without a checksum",
    "Add the integrity attribute, or serve the script yourself.",
  ],

  "sonarjs/slow-regex": REGEX,
  // Quadratic in the length, and based on a rule of thumb: both are often harmless.
  "sonarjs/super-linear-regex": ["low", REGEX[1], REGEX[2], REGEX[3], REGEX[4]],
  "security/detect-unsafe-regex": ["low", REGEX[1], REGEX[2], REGEX[3], REGEX[4]],
  "security/detect-non-literal-regexp": [
    "low",
    "denial_of_service",
    1333,
    "Regular expression built from text",
    "Escape untrusted text, or search for it as plain text.",
  ],
  "sonarjs/content-length": [
    "low",
    "denial_of_service",
    770,
    "No limit on the size of requests",
    "Set a limit.",
  ],

  "security/detect-buffer-noassert": [
    "medium",
    "bug",
    125,
    "Buffer access without bounds check",
    "Do not use noAssert.",
  ],
  "security/detect-new-buffer": [
    "medium",
    "bug",
    665,
    "Buffer that may expose old memory",
    "Use Buffer.alloc or Buffer.from.",
  ],
};
