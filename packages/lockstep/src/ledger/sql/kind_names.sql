-- Purpose: reads the names of the kinds, to say which one was probably meant.
-- Parameters: none.
-- Rows: the first thousand, ordered by name.
-- Guard: none, reads only.
select name from lockstep.kinds order by name limit 1000
