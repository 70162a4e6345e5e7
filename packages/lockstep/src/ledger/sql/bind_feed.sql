-- Purpose: binds the feed to the cluster that it is in now.
-- Parameters: $1 limit of changes to delete
-- Rows: one: whether it is bound now.
-- Guard: in lockstep.bind_feed: only when it is bound to another cluster.
select lockstep.bind_feed($1::integer) as bound
