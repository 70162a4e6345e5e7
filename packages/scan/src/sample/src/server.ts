import { exec } from "node:child_process";
import express from "express";
import session from "express-session";
import { findUser } from "./users.js";
import { hashPassword, newSession } from "./sessions.js";

const app = express();
app.use(session({ secret: process.env.SESSION_KEY, cookie: { secure: false, httpOnly: false } }));

app.get("/ping", (request, response) => {
  exec("ping -c 1 " + request.query.host, (_error, output) => response.send(output));
});

app.get("/price", (request, response) => {
  response.json(eval(String(request.query.formula)));
});

app.post("/login", async (request, response) => {
  const user = await findUser(request.body.name);
  if (user.password === hashPassword(request.body.password)) {
    response.send(newSession());
  }
  response.end();
});

app.listen(3000);
