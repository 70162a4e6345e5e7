/**
 * The page, as files: one document for every address of the page, and its scripts and styles under
 * `/assets`.
 *
 * The document is the same for everybody and has no data, so it needs no key; the page reads its
 * data from the API. Its files have a hash in their names and never change, so browsers cache them;
 * the document itself is requested each time.
 */
export { pageRoutes, type SendPage, servesPage, wantsPage } from "./page-routes.js";
