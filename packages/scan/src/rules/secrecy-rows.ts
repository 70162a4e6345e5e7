import type { RuleRow, RuleRows } from "./row.js";

const CREDENTIAL: RuleRow = [
  "high",
  "secret",
  798,
  "Credential in the source",
  "Revoke it, remove it from the source and its history, and read it from the environment or a secret store.",
];
const CERTIFICATE = "Keep verification enabled; to trust a private authority, provide its certificate.";

/** Rules about credentials in the source, cryptography and encrypted connections. */
export const SECRECY_ROWS: RuleRows = {
  "sonarjs/no-hardcoded-passwords": [
    "high",
    "secret",
    259,
    "Password in the source",
    "Change it, remove it from the source, and read it from the environment or a secret store.",
  ],
  "sonarjs/no-hardcoded-secrets": CREDENTIAL,
  "sonarjs/hardcoded-secret-signatures": CREDENTIAL,
  "sonarjs/review-blockchain-mnemonic": ["high", "secret", 798, "Wallet phrase in the source", CREDENTIAL[4]],

  "sonarjs/hashing": [
    "medium",
    "cryptography",
    328,
    "Weak hash",
    "Use SHA-256 or better; for passwords a slow function such as scrypt or Argon2.",
  ],
  "sonarjs/no-weak-cipher": [
    "high",
    "cryptography",
    327,
    "Weak cipher",
    "Use AES-256-GCM or ChaCha20-Poly1305.",
  ],
  "sonarjs/encryption-secure-mode": [
    "medium",
    "cryptography",
    327,
    "Cipher in an insecure mode",
    "Use an authenticated mode such as GCM, with a fresh nonce for each message.",
  ],
  "sonarjs/no-weak-keys": [
    "high",
    "cryptography",
    326,
    "Key too short",
    "Use at least 2048 bits for RSA and 256 bits for elliptic curves.",
  ],
  "sonarjs/pseudo-random": [
    "low",
    "cryptography",
    338,
    "Predictable random numbers",
    "For tokens, keys and ids use crypto.randomBytes or crypto.randomUUID.",
  ],
  "security/detect-pseudoRandomBytes": [
    "medium",
    "cryptography",
    338,
    "Predictable random numbers",
    "Use crypto.randomBytes.",
  ],
  "sonarjs/insecure-jwt-token": [
    "high",
    "cryptography",
    347,
    "Token accepted without a strong signature",
    "List the accepted strong algorithms, and refuse all others.",
  ],
  "security/detect-possible-timing-attacks": [
    "low",
    "cryptography",
    208,
    "Secret compared in variable time",
    "Compare with crypto.timingSafeEqual.",
  ],

  "sonarjs/weak-ssl": ["high", "transport", 327, "Old version of TLS", "Require TLS 1.2 or newer."],
  "sonarjs/unverified-certificate": ["high", "transport", 295, "Certificate not verified", CERTIFICATE],
  "sonarjs/unverified-hostname": [
    "high",
    "transport",
    297,
    "Host name of a certificate not verified",
    CERTIFICATE,
  ],
  "sonarjs/no-clear-text-protocols": [
    "low",
    "transport",
    319,
    "Connection without encryption",
    "Use the encrypted protocol.",
  ],
  "sonarjs/strict-transport-security": [
    "low",
    "transport",
    319,
    "HTTPS not enforced",
    "Keep the header enabled.",
  ],
  "sonarjs/no-hardcoded-ip": [
    "info",
    "configuration",
    null,
    "Address in the source",
    "Read it from the configuration.",
  ],
};
