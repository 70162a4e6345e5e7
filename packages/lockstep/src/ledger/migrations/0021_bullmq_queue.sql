-- Which queue of the ledger a relay copies, so that a server can show what BullMQ reports about the
-- jobs of that queue.
alter table bullmq_relays add column queue text;
