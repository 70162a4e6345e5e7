-- Purpose: reads which process leads the maintenance.
-- Parameters: none
-- Rows: one while a process leads, or none has noticed yet that it is gone.
-- Guard: none, reads only.
select leader as id, host, pid, since
from lockstep.maintenance_leader
where leader is not null
