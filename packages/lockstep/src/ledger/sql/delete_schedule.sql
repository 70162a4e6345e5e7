-- Purpose: removes a schedule. The jobs it has submitted stay.
-- Parameters: $1 name
-- Rows: the name, when it existed.
-- Guard: waits for a tick under way, which is whole before.
delete from schedules
where name = $1
returning name
