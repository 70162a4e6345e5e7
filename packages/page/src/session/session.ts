import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../api/questions.js";

export type Role = "read" | "submit" | "operate" | "work" | "admin";

const INCLUDED: Readonly<Record<Role, readonly Role[]>> = {
  read: ["read"],
  submit: ["read", "submit"],
  operate: ["read", "submit", "operate"],
  work: ["read", "work"],
  admin: ["read", "submit", "operate", "work", "admin"],
};

/** Whether this browser may do what needs a role. The server refuses anyway; this hides what it would refuse. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(sessionQuery);
  return data?.role ? INCLUDED[data.role].includes(role) : false;
}
