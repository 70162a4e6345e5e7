/**
 * The page, as files: one document for every address the page has, and its scripts and styles under `/assets`.
 *
 * The document is the same for everybody and holds no data, so it needs no key; what it shows it asks the API for. Its
 * files carry a hash in their names and never change, so browsers keep them; the document itself is asked for each time.
 */
export { pageRoutes, type SendPage, servesPage, wantsPage } from "./page-routes.js";
