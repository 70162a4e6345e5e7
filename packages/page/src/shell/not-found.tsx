import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <div className="empty">
      <h1>Page not found</h1>
      <p className="dim">The address may be misspelt, or the page has moved.</p>
      <Link to="/jobs">See the jobs</Link>
    </div>
  );
}
