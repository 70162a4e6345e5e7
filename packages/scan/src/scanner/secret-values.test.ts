import { expect, it } from "vitest";
import { quotedValues, secretValues, serviceAccountValues } from "./secret-values.js";

it("a connection string is one secret, without the surrounding text that the scanner matched, and so is its password", () => {
  expect(secretValues('postgres://app:n0t-real@db.example.com/app";')).toEqual([
    "postgres://app:n0t-real@db.example.com/app",
    "n0t-real",
  ]);
});

it("a private key is one secret per line, without its first and last line", () => {
  const key = [
    "-----BEGIN RSA PRIVATE KEY-----",
    "bm90IGEga2V5",
    "anVzdCB0ZXh0",
    "-----END RSA PRIVATE KEY-----",
  ];
  expect(secretValues(key.join("\n"))).toEqual(["bm90IGEga2V5", "anVzdCB0ZXh0"]);
  expect(secretValues(key.join("\\n"))).toEqual(["bm90IGEga2V5", "anVzdCB0ZXh0"]);
});

it("string literals are found in any quotes", () => {
  expect(quotedValues(`x ? "swordfish" : 'it\\'s' || \`corr3ct\``)).toEqual([
    "swordfish",
    "it\\'s",
    "corr3ct",
  ]);
});

it("a service account's key is found in its file", () => {
  const json = JSON.stringify({
    type: "service_account",
    private_key_id: "0123abcd",
    private_key: "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n",
  });
  expect(serviceAccountValues(json)).toEqual(["bm90IGEga2V5", "0123abcd"]);
});
