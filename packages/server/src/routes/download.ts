// Media types that no browser runs or renders as a page. SVG, HTML, XML and PDF are omitted on
// purpose.
const SAFE_MEDIA_TYPES: readonly string[] = [
  "application/gzip",
  "application/json",
  "application/sarif+json",
  "application/x-tar",
  "application/zip",
  "image/png",
  "text/csv",
  "text/plain",
];

/**
 * The media type a stored file is sent with: its own when that is harmless, otherwise plain bytes.
 */
export function safeMediaType(mediaType: string): string {
  const bare = mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!SAFE_MEDIA_TYPES.includes(bare)) return "application/octet-stream";
  return bare.startsWith("text/") ? `${bare}; charset=utf-8` : bare;
}

/**
 * A `Content-Disposition` that saves a file under its name: ASCII for old clients, UTF-8 for the
 * rest (RFC 6266).
 */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\w.() -]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
