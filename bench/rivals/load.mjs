/** Loads a package from this folder, so that it is the version in this folder's lock. */
export const load = (name) => import(name);
