import https from "node:https";

export const EMAIL = /^([a-zA-Z0-9]+)+@shop\.example$/;

export function fetchPrices(callback) {
  https.request({ host: "prices.shop.example", rejectUnauthorized: false }, callback).end();
}
