import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../api/queries.js";
import { grants, type Role } from "../api/words.js";

/** Whether this browser has a role. The server refuses anyway; this hides what it would refuse. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(sessionQuery);
  return data?.role ? grants(data.role, role) : false;
}
