/** The schema of the ledger when no other is configured, and the one that SQL texts name. */
export const SCHEMA_DEFAULT = "lockstep";

/** Why a name is refused, for messages. */
export const SCHEMA_RULE =
  'must be a name that SQL takes without quotes: a-z, 0-9 and "_", at most 63, not with a digit or "pg_" first, and no reserved word such as user';

const PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;

/** Words that PostgreSQL 14 to 18 takes as the name of a schema only in quotes. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
collation column concurrently constraint create cross current_catalog current_date current_role
current_schema current_time current_timestamp current_user default deferrable desc distinct do else
end except false fetch for foreign freeze from full grant group having ilike in initially inner
intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
notnull null offset on only or order outer overlaps placing primary references returning right
select session_user similar some symmetric system_user table tablesample then to trailing true union
unique user using variadic verbose when where window with`.split(/\s/),
);

/** Whether the ledger can be in a schema of this name. */
export function isSchemaName(name: string): boolean {
  return (
    PATTERN.test(name) && !name.startsWith("pg_") && name !== "information_schema" && !RESERVED.has(name)
  );
}
