import pg from "pg";

const pool = new pg.Pool({ connectionString: "postgres://shop:planted-not-real-1@db.shop.example/shop" });

export async function findUser(name: string) {
  const found = await pool.query("select * from users where name = '" + name + "'");
  return found.rows[0];
}
