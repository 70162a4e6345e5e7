import { z } from "zod";
import {
  LedgerConfig,
  type LockstepStores,
  openLockstepView,
  ProjectionConfig,
} from "../lockstep/lockstep-stores.js";
import { bullmq } from "./bullmq/index.js";
import { bullmqPostgres } from "./bullmq-postgres/index.js";
import { celery } from "./celery/index.js";
import { http } from "./http/index.js";
import { redisHash } from "./redis-hash/index.js";
import { redisKeys } from "./redis-keys/index.js";
import { rq } from "./rq/index.js";
import { sql } from "./sql/index.js";
import type { View } from "./view.js";
import type { ViewOptions } from "./view-type.js";

/**
 * The configuration of one view; its members depend on `type`. Add a new type of view here and to
 * the switch below, which does not compile without it.
 */
export const ViewConfig = z.discriminatedUnion("type", [
  redisHash.config,
  redisKeys.config,
  sql.config,
  bullmq.config,
  bullmqPostgres.config,
  celery.config,
  rq.config,
  http.config,
  LedgerConfig,
  ProjectionConfig,
]);

export type ViewConfig = z.output<typeof ViewConfig>;

/**
 * Opens one view. It connects on first use.
 * @throws LockstepError INVALID_CONFIG for a view of Lockstep's own stores when `own` is not given
 */
export function openView({
  config,
  own,
  ...rest
}: ViewOptions<ViewConfig> & { readonly own?: LockstepStores | undefined }): View {
  switch (config.type) {
    case "ledger":
    case "projection":
      return openLockstepView(rest.name, config, own);
    case "redis-hash":
      return redisHash.open({ config, ...rest });
    case "redis-keys":
      return redisKeys.open({ config, ...rest });
    case "sql":
      return sql.open({ config, ...rest });
    case "bullmq":
      return bullmq.open({ config, ...rest });
    case "bullmq-postgres":
      return bullmqPostgres.open({ config, ...rest });
    case "celery":
      return celery.open({ config, ...rest });
    case "rq":
      return rq.open({ config, ...rest });
    case "http":
      return http.open({ config, ...rest });
  }
}
