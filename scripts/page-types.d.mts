/** The file with the types. */
export const TYPES_FILE: string;
/** The text of the file, for the API's document. */
export function pageTypes(document: unknown): Promise<string>;
