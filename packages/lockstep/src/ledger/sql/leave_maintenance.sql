-- Purpose: gives the leadership of the maintenance up, so that another process takes it at once.
-- Parameters: $1 the leader; null: any
-- Rows: none.
-- Guard: the leader is still this one.
update lockstep.maintenance_leader
set leader = null
where leader = coalesce($1::uuid, leader)
