import { Link, Outlet } from "@tanstack/react-router";
import { Banners } from "./banners.js";
import { Icon, type IconName } from "./icon.js";
import { JobSearch } from "./job-search.js";
import { LiveMark } from "./live-mark.js";
import mark from "./mark.svg";
import "./shell.css";
import { ThemeSwitch } from "./theme-switch.js";

const PLACES: readonly (readonly [to: string, icon: IconName, label: string])[] = [["/jobs", "jobs", "Jobs"]];

/** What surrounds every page: where one is, how the system is, and how live what one sees is. */
export function Shell() {
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="side">
        <Link to="/" className="brand">
          <img src={mark} width={22} height={22} alt="" />
          Lockstep
        </Link>
        <nav aria-label="Pages">
          {PLACES.map(([to, icon, label]) => (
            <Link key={to} to={to} activeOptions={{ exact: to === "/" }}>
              <Icon name={icon} />
              {label}
            </Link>
          ))}
        </nav>
        <div className="side-foot">
          <ThemeSwitch />
        </div>
      </header>
      <div className="main">
        <div className="top">
          <JobSearch />
          <LiveMark />
        </div>
        <Banners />
        <main className="content" id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}
