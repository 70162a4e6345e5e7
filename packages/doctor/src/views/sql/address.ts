import { z } from "zod";

/** Of SQLAlchemy, such as `postgresql+asyncpg://`, and of Rails, `mysql2://`. */
const WITH_DRIVER = /^(postgres(?:ql)?|mysql|mariadb)(?:2|\+\w+)?:/;

const plain = z.url({
  protocol: /^(postgres(ql)?|mysql|mariadb|sqlite|file)$/,
  error: "must be a postgres://, mysql://, mariadb:// or sqlite: address",
});

/** The address of a database, also as the frameworks write it that name a driver in it. */
export const SqlAddress = z
  .string()
  .transform((address) => address.replace(WITH_DRIVER, "$1:"))
  .pipe(plain);
