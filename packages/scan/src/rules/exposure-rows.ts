import type { RuleRow, RuleRows } from "./row.js";

const HEADER = "Leave the header at the framework's secure default.";
const REGEX: RuleRow = [
  "medium",
  "denial_of_service",
  1333,
  "Regular expression that can take for ever",
  "Rewrite it without nested or overlapping repetition, or limit the length of what it is matched against.",
];

/** Rules about access, settings, denial of service and memory. */
export const EXPOSURE_ROWS: RuleRows = {
  "sonarjs/csrf": [
    "high",
    "access_control",
    352,
    "Protection against forged requests turned off",
    "Leave it on for every request that changes something.",
  ],
  "security/detect-no-csrf-before-method-override": [
    "medium",
    "access_control",
    352,
    "Forged requests get past the check",
    "Put the method override before the check.",
  ],
  "sonarjs/cors": [
    "medium",
    "access_control",
    942,
    "Every site may read the answers",
    "List the sites that may.",
  ],
  "sonarjs/post-message": [
    "medium",
    "access_control",
    346,
    "Message taken from any site",
    "Check the sender's origin, and name the receiver's.",
  ],
  "sonarjs/session-regeneration": [
    "medium",
    "access_control",
    384,
    "Session kept through sign-in",
    "Make a new session when someone signs in.",
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
    "Cookie that scripts can read",
    "Set the cookie's httpOnly attribute.",
  ],
  "sonarjs/no-session-cookies-on-static-assets": [
    "low",
    "access_control",
    525,
    "Session cookie on static files",
    "Serve static files before the session begins.",
  ],
  "sonarjs/file-permissions": [
    "medium",
    "access_control",
    732,
    "File that everybody may change",
    "Give the rights to the owner only.",
  ],
  "sonarjs/file-uploads": [
    "medium",
    "access_control",
    434,
    "Uploads without limits",
    "Limit size and kind, and keep uploads out of the served folder.",
  ],
  "sonarjs/publicly-writable-directories": [
    "medium",
    "access_control",
    377,
    "Temporary file others can prepare",
    "Make a private folder with fs.mkdtemp.",
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
    "Opened page can steer this one",
    "Add rel=noopener.",
  ],

  "sonarjs/production-debug": [
    "medium",
    "configuration",
    489,
    "Debugging left on",
    "Turn it on in development only.",
  ],
  "sonarjs/x-powered-by": [
    "low",
    "configuration",
    200,
    "Server tells what it runs",
    "Turn the x-powered-by header off.",
  ],
  "sonarjs/content-security-policy": [
    "medium",
    "configuration",
    693,
    "Content security policy turned off",
    HEADER,
  ],
  "sonarjs/no-mime-sniff": ["low", "configuration", 693, "Browsers may guess content types", HEADER],
  "sonarjs/no-referrer-policy": ["low", "configuration", 200, "Addresses leak to other sites", HEADER],
  "sonarjs/disabled-resource-integrity": [
    "low",
    "dependency",
    353,
    "Script from elsewhere without a checksum",
    "Add the integrity attribute, or serve it yourself.",
  ],

  "sonarjs/slow-regex": REGEX,
  // Slow with the square of the length, and a rule of thumb: both are often harmless.
  "sonarjs/super-linear-regex": ["low", REGEX[1], REGEX[2], REGEX[3], REGEX[4]],
  "security/detect-unsafe-regex": ["low", REGEX[1], REGEX[2], REGEX[3], REGEX[4]],
  "security/detect-non-literal-regexp": [
    "low",
    "denial_of_service",
    1333,
    "Regular expression built from text",
    "Escape what comes from outside, or search for it as text.",
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
    "Leave noAssert out.",
  ],
  "security/detect-new-buffer": [
    "medium",
    "bug",
    665,
    "Buffer that may show old memory",
    "Use Buffer.alloc or Buffer.from.",
  ],
};
