import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.js";
import { sessionQuery } from "../api/queries.js";
import { Icon } from "../shell/icon.js";

/** Who is signed in. A server that needs no key has no user to show. */
export function Account() {
  const { data } = useQuery(sessionQuery);
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => dataOf(api.DELETE("/api/session")),
    // The cookie is gone whatever the server answered.
    onSettled: () => client.resetQueries(),
  });
  if (!data?.name) return null;
  return (
    <div className="row">
      <Icon name="user" size={14} />
      <span className="ellipsis grow" title={`Role: ${data.role}`}>
        {data.name}
        <span className="dim"> {data.role === "read" ? "read only" : data.role}</span>
      </span>
      <Button variant="default" size="compact-xs" onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </div>
  );
}
