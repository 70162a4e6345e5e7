-- Purpose: takes or renews the lease of the one process that copies a queue into BullMQ.
-- Parameters: $1 name, $2 holder, $3 seconds the lease lasts, $4 queue of the ledger
-- Rows: one when this holder now has the lease, none while another has it.
-- Guard: the holder is the same, or the lease has expired, in the UPDATE itself. A lease that ends
--   later than any that begins now was taken before the clock was set back.
insert into lockstep.bullmq_relays as r (name, holder, held_until, queue)
values ($1, $2, clock_timestamp() + $3::double precision * interval '1 second', $4)
on conflict (name) do update
set holder = excluded.holder,
  held_until = excluded.held_until,
  queue = excluded.queue
where r.holder = excluded.holder
  or r.held_until not between clock_timestamp() and clock_timestamp() + $3::double precision * interval '1 second'
returning
  (
    select c.position
    from lockstep.feed_cursors c
    where c.name = r.name
      and c.updated_at > clock_timestamp() - interval '1 day'
  ) as position
