/** Name of the cookie with a browser's session. */
const NAME = "lockstep_session";
/** Characters allowed in a cookie's value; a session has no others. */
const VALUE = /^[\w.~-]{1,200}$/;

/** The session of a browser that has signed in; null when there is none. */
export function sessionOf(cookieHeader: string | undefined): string | null {
  if (cookieHeader === undefined) return null;
  for (const pair of cookieHeader.split(";")) {
    const [name, value = ""] = pair.split("=", 2);
    if (name?.trim() === NAME && VALUE.test(value.trim())) return value.trim();
  }
  return null;
}

/**
 * A cookie that no script can read and no other site can send. It ends with the browser's session.
 * @param session null: delete the cookie
 */
export function sessionCookie(session: string | null, isHttps: boolean): string {
  const end = session === null ? "; Max-Age=0" : "";
  return `${NAME}=${session ?? ""}; Path=/; HttpOnly; SameSite=Strict${isHttps ? "; Secure" : ""}${end}`;
}
