/** The file with the schema. */
export const SCHEMA_FILE: string;
/** The text of the file, for a migrated database. */
export function schemaText(query: (text: string) => Promise<unknown[]>): Promise<string>;
