/** The name of the cookie that holds a browser's API key. */
const NAME = "lockstep_session";
/** Characters that a cookie's value may have; a key has no others. */
const VALUE = /^[\w.~-]{1,200}$/;

/** The key a browser signed in with; null when there is none. */
export function sessionKey(cookieHeader: string | undefined): string | null {
  for (const pair of (cookieHeader ?? "").split(";")) {
    const [name, value = ""] = pair.split("=", 2);
    if (name?.trim() === NAME && VALUE.test(value.trim())) return value.trim();
  }
  return null;
}

/**
 * A cookie no script can read and no other site can send. It ends with the browser's session.
 * @param key null: forget it
 */
export function sessionCookie(key: string | null, isHttps: boolean): string {
  const end = key === null ? "; Max-Age=0" : "";
  return `${NAME}=${key ?? ""}; Path=/; HttpOnly; SameSite=Strict${isHttps ? "; Secure" : ""}${end}`;
}
