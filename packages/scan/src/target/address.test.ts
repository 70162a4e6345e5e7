import { expect, it } from "vitest";
import { isLocalName, isPublicAddress } from "./address.js";

it.each([
  "1.1.1.1",
  "8.8.8.8",
  "172.15.0.1",
  "172.32.0.1",
  "100.63.0.1",
  "2606:4700::1111",
  "2a00:1450:4001::1",
])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

it.each([
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.169.254",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "fe80::1",
  "fe80::1%eth0",
  "fc00::1",
  "fd12::1",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2001:0:1::",
  "not an address",
  "",
])("%j is not public", (address) => expect(isPublicAddress(address)).toBe(false));

it.each(["localhost", "a.localhost", "db", "printer.local", "metadata.google.internal", "x.home.arpa"])(
  "%s is a local name",
  (name) => expect(isLocalName(name)).toBe(true),
);

it.each(["github.com", "localhost.example.com", "notlocal.dev"])("%s is not a local name", (name) =>
  expect(isLocalName(name)).toBe(false),
);
