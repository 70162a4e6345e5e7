/**
 * The doctor finds jobs whose status is wrong somewhere and repairs them, in Lockstep and in
 * systems that do not use Lockstep.
 *
 * What is true. A **view** is a place that shows a status: a table, a Redis hash, a queue, an
 * endpoint. One of two to four views is the **record**, the one that should be right. A probe
 * answers value, absent or unknown. Unknown is never treated as absent: it leads to no repair, and
 * a check that found it is not clean. A difference is drift only when two looks, at least the quiet
 * period apart, saw the same difference; every other difference counts as settling.
 *
 * Who may change what. A check only reads. A write needs a plan that a person can read first. Each
 * write compares the current value with what the plan saw and sets the new value in the same atomic
 * step of the store. The before image is in the journal, synced to disk, before the write.
 *
 * What happens in a crash. The journal holds the intended writes, and the stores show which of them
 * were made. A run is resumed and undone from its journal.
 */
export type { ApplyOptions, ApplyResult } from "./apply/apply-plan.js";
export type { RepairOutcome } from "./apply/journal.js";
export type { RunRecord } from "./apply/run-history.js";
export type { UndoOptions, UndoResult } from "./apply/undo-run.js";
export type { DriftFinding, Shown } from "./check/finding.js";
export type { CheckOptions, CheckProgress } from "./check/run-check.js";
export type { CheckSummary, PatternSummary } from "./check/summary.js";
export { PATTERN_TEXTS, PATTERNS, type Pattern } from "./compare/patterns.js";
export type { SafetyStop } from "./compare/tally.js";
export { type DoctorConfig, parseDoctorConfig } from "./config/load-config.js";
export { Doctor, type DoctorOptions, type SideBySide } from "./doctor.js";
export { type ConfigText, configText, type Proposal, propose } from "./init/propose.js";
export { type Survey, type Surveyed, survey } from "./init/survey.js";
export { type LockstepLedger, ledgerView } from "./lockstep/ledger-view.js";
export type { LedgerAddress, LockstepStores, NotedWrite } from "./lockstep/lockstep-stores.js";
export { type LockstepWrites, projectionView } from "./lockstep/projection-view.js";
export { type CheckRecord, DoctorService, type DoctorServiceOptions } from "./lockstep/service.js";
export { type PlanOptions, type PlanResult, safetyStopText } from "./plan/make-plan.js";
export { type PlanItem, type PlanSkip, PREFERENCES, type Preference } from "./plan/plan.js";
export { planItems, planSkips, verifyPlan } from "./plan/plan-file.js";
export { openViewStores } from "./stores/open-store-connections.js";
export type { ViewStores } from "./stores/store-connections.js";
export { type BullmqEntry, readBullmqEntry } from "./views/bullmq/read-entry.js";
export { openView, type ViewConfig } from "./views/registry.js";
export type {
  Absent,
  Answer,
  Examination,
  ListedJob,
  Summary,
  Unknown,
  Value,
  View,
  ViewTraits,
} from "./views/view.js";
export type { ViewOptions, ViewType } from "./views/view-type.js";
export type {
  Repair,
  RepairAction,
  RepairValues,
  Restoration,
  SettableField,
  ViewWriter,
  WriteOutcome,
} from "./views/writer.js";
