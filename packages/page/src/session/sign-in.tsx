import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { api, dataOf } from "../api/client.js";
import { sessionQuery } from "../api/queries.js";
import { usePageTitle } from "../shell/page-title.js";
import "../submit/submit.css";

/** Shows a page to users who may read it, and the sign-in form to everybody else. */
export function SignInFirst({ children }: { children: ReactNode }) {
  const { data } = useQuery(sessionQuery);
  return data?.needs_key ? <SignIn /> : children;
}

export function SignInPage() {
  const { data } = useQuery(sessionQuery);
  return data && !data.needs_key ? <Navigate to="/" /> : null;
}

/**
 * The key goes to the server once and is not stored: the browser gets a session in a cookie that
 * scripts cannot read.
 */
function SignIn() {
  const [key, setKey] = useState("");
  const client = useQueryClient();
  usePageTitle("Sign in");
  const signIn = useMutation({
    mutationFn: (given: string) => dataOf(api.POST("/api/session", { body: { key: given } })),
    onSuccess: () => client.resetQueries(),
  });
  return (
    <form
      className="panel panel-body stack sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate(key.trim());
      }}
    >
      <h1>Sign in</h1>
      <p className="dim">
        This server needs an API key. Create one with: lockstep keys create --role operate
      </p>
      <div className="field">
        <label htmlFor="key">API key</label>
        <input
          id="key"
          className="input mono"
          type="password"
          autoComplete="current-password"
          placeholder="lk_..."
          value={key}
          aria-invalid={signIn.isError}
          aria-describedby="key-fault"
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <p className="field-fault" id="key-fault" role="alert">
          {signIn.error?.message}
        </p>
      </div>
      <div className="row">
        <Button type="submit" size="sm" disabled={key.trim() === "" || signIn.isPending}>
          {signIn.isPending ? "Signing in..." : "Sign in"}
        </Button>
      </div>
    </form>
  );
}
