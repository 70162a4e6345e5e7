-- Which queue of the ledger a relay copies, so that a server can show what BullMQ says of that queue's jobs.
alter table bullmq_relays add column queue text;
