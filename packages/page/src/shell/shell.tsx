import { Link, Outlet } from "@tanstack/react-router";
import { Keyboard } from "../keyboard/keyboard.js";
import { Account } from "../session/account.js";
import { SignInFirst } from "../session/sign-in.js";
import { Banners } from "./banners.js";
import { Icon, type IconName } from "./icon.js";
import { JobSearch } from "./job-search.js";
import { LiveIndicator } from "./live-indicator.js";
import mark from "./mark.svg";
import { NewBuild } from "./new-build.js";
import "./shell.css";
import { ThemeSwitch } from "./theme-switch.js";

const PLACES: readonly (readonly [to: string, icon: IconName, label: string])[] = [
  ["/", "overview", "Overview"],
  ["/jobs", "jobs", "Jobs"],
  ["/batches", "batches", "Batches"],
  ["/submit", "submit", "Submit"],
  ["/doctor", "doctor", "Doctor"],
  ["/system", "system", "System"],
];

/** The frame of every page: navigation, health of the system, and the state of live updates. */
export function Shell() {
  return (
    <div className="shell">
      <Keyboard />
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
          <Account />
          <ThemeSwitch />
        </div>
      </header>
      <div className="main">
        <div className="top">
          <JobSearch />
          <LiveIndicator />
        </div>
        <Banners />
        <NewBuild />
        <main className="content" id="content" tabIndex={-1}>
          <SignInFirst>
            <Outlet />
          </SignInFirst>
        </main>
      </div>
    </div>
  );
}
