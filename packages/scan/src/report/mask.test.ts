import fc from "fast-check";
import { expect, it } from "vitest";
import { createMasker, maskValue } from "./mask.js";

const LINE_MAX = 600;

it("shows at most four characters and at most a quarter", () => {
  expect(maskValue("abcdefghijklmnopqrstuvwx")).toBe("abcd********************");
  expect(maskValue("hunter22")).toBe("hu******");
  expect(maskValue("abc")).toBe("***");
});

it("masks a secret wherever its value occurs, the longest one first", () => {
  const { mask } = createMasker(["s3cr3t-value", "s3cr3t-value-2"]);
  expect(mask("a = s3cr3t-value-2; b = 's3cr3t-value'; c = s3cr3t-valu", [], LINE_MAX)).toBe(
    "a = s3c***********; b = 's3c*********'; c = s3cr3t-valu",
  );
});

it("masks a plain word only in quotes, but everywhere in its own finding", () => {
  const { mask } = createMasker(["swordfish"]);
  expect(mask("swordfish = 'swordfish'", [], LINE_MAX)).toBe("swordfish = 'sw*******'");
  expect(mask("PASSWORD=swordfish", ["swordfish"], LINE_MAX)).toBe("PASSWORD=sw*******");
});

it("masks the start of a secret at the end of a cut line", () => {
  const { mask } = createMasker(["0123456789abcdef"]);
  expect(mask(`xx${"0123456789"}`, [], 12)).toBe("xx0123******");
  expect(mask(`xx${"0123456789"}`, [], LINE_MAX)).toBe("xx0123456789");
});

it("treats special characters of regular expressions and replacements literally", () => {
  const { mask } = createMasker(["$&.*+?^{}()|[]\\"]);
  expect(mask("x $&.*+?^{}()|[]\\ y", [], LINE_MAX)).toBe("x $&.************ y");
});

it("leaves no distinctive secret readable, whatever text surrounds it", () => {
  const secret = fc
    .string({ minLength: 6, maxLength: 40 })
    .filter((text) => !/^[a-z]+$/i.test(text) && !/[\n*]/.test(text));
  fc.assert(
    fc.property(
      fc.uniqueArray(secret, { minLength: 1, maxLength: 5 }),
      fc.string(),
      fc.string(),
      (secrets, before, after) => {
        const masked = createMasker(secrets).mask(before + secrets.join("") + after, [], LINE_MAX * 10);
        // One secret may overlap two others; then the one that starts first is masked.
        expect(masked.includes(secrets[0]!) && !before.includes(secrets[0]!.slice(0, 3))).toBe(false);
      },
    ),
  );
});
