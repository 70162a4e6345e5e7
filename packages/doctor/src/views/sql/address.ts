import { z } from "zod";

/**
 * Schemes with a driver name: of SQLAlchemy, such as `postgresql+asyncpg://`, and of Rails,
 * `mysql2://`.
 */
const WITH_DRIVER = /^(postgres(?:ql)?|mysql|mariadb)(?:2|\+\w+)?:/;

const plain = z.url({
  protocol: /^(postgres(ql)?|mysql|mariadb|sqlite|file)$/,
  error: "must be a postgres://, mysql://, mariadb:// or sqlite: address",
});

/** The address of a database, also in the form of frameworks that name a driver in it. */
export const SqlAddress = z
  .string()
  .transform((address) => address.replace(WITH_DRIVER, "$1:"))
  .pipe(plain);
