const PLACE = "{id}";
/** Stands for an id while the template is looked at; letters and digits that no URL parser changes. */
const PROBE = "probe0id0probe";

/** @returns what is wrong with a template such as `http://host/api/status/{id}`, null when nothing is */
export function validateTemplate(template: string): string | null {
  if (template.split(PLACE).length !== 2) return "must hold {id} once";
  const url = parse(template.replace(PLACE, PROBE));
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    return "must be an http:// or https:// address";
  if (url.username !== "" || url.password !== "") return "must not hold a password: use headers";
  if (!url.pathname.includes(PROBE) && !url.search.includes(PROBE))
    return "must hold {id} in its path or query";
  return null;
}

/**
 * The address to ask for one job. The id stays one part of the path or one value of the query, whatever is in it.
 * @returns null when no address can stand for this id (a path of `..`)
 */
export function addressOf(template: string, id: string): URL | null {
  // A lone surrogate has no bytes to encode.
  if (id === "" || !id.isWellFormed()) return null;
  const url = parse(template.replace(PLACE, () => encodeURIComponent(id)));
  const model = parse(template.replace(PLACE, PROBE));
  if (url === null || model === null) return null;
  const keepsItsPlace =
    url.origin === model.origin && url.pathname.split("/").length === model.pathname.split("/").length;
  // A part of the path that is only dots is resolved away, also when the dots are encoded.
  const isDots = model.pathname.split("/").includes(PROBE) && /^\.{1,2}$/.test(id);
  return keepsItsPlace && !isDots ? url : null;
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
