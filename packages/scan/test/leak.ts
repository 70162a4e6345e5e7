/** A made-up connection string, in pieces, so that no other scan takes this file for a leak. */
export const LEAK = ["postgres", "//app:pl4nted-value@db.shop.example/app"].join(":");
