-- Purpose: deletes a schedule. The jobs it has submitted stay.
-- Parameters: $1 name
-- Rows: the name, when it existed.
-- Guard: waits for a tick in progress, which completes first.
delete from lockstep.schedules
where name = $1
returning name
