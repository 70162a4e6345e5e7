const PLACE = "{id}";
/**
 * Placeholder for an id while the template is checked: letters and digits that no URL parser
 * changes.
 */
const PROBE = "probe0id0probe";

/** @returns the problem with a template such as `http://host/api/status/{id}`; null: it is valid */
export function validateTemplate(template: string): string | null {
  if (template.split(PLACE).length !== 2) return "must contain {id} once";
  const url = parse(template.replace(PLACE, PROBE));
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    return "must be an http:// or https:// address";
  if (url.username !== "" || url.password !== "") return "must not contain a password: use headers";
  if (!url.pathname.includes(PROBE) && !url.search.includes(PROBE))
    return "must contain {id} in its path or query";
  return null;
}

/**
 * The address of one job. The id stays one path segment or one query value, whatever it contains.
 * @returns null when no address can contain this id (a path of `..`)
 */
export function addressOf(template: string, id: string): URL | null {
  // A lone surrogate cannot be encoded.
  if (id === "" || !id.isWellFormed()) return null;
  const url = parse(template.replace(PLACE, () => encodeURIComponent(id)));
  const model = parse(template.replace(PLACE, PROBE));
  if (url === null || model === null) return null;
  const keepsItsPlace =
    url.origin === model.origin && url.pathname.split("/").length === model.pathname.split("/").length;
  // A path segment of only dots is resolved away, even when the dots are encoded.
  const isDots = model.pathname.split("/").includes(PROBE) && /^\.{1,2}$/.test(id);
  return keepsItsPlace && !isDots ? url : null;
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
