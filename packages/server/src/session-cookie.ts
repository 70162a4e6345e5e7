/** The name of the cookie that holds a browser's session. */
const NAME = "lockstep_session";
/** Characters that a cookie's value may have; a session has no others. */
const VALUE = /^[\w.~-]{1,200}$/;

/** What a browser holds since it signed in; null when there is none. */
export function sessionOf(cookieHeader: string | undefined): string | null {
  if (cookieHeader === undefined) return null;
  for (const pair of cookieHeader.split(";")) {
    const [name, value = ""] = pair.split("=", 2);
    if (name?.trim() === NAME && VALUE.test(value.trim())) return value.trim();
  }
  return null;
}

/**
 * A cookie no script can read and no other site can send. It ends with the browser's session.
 * @param session null: forget it
 */
export function sessionCookie(session: string | null, isHttps: boolean): string {
  const end = session === null ? "; Max-Age=0" : "";
  return `${NAME}=${session ?? ""}; Path=/; HttpOnly; SameSite=Strict${isHttps ? "; Secure" : ""}${end}`;
}
