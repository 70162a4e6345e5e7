-- Purpose: removes the value of a job that an earlier epoch left behind: the ledger does not know it, or it has expired.
-- Keys: 1 the job's key
-- Arguments: 1 the epoch of now
-- Returns: 1 removed, 0 left alone: it is of this epoch, or nothing that the projection wrote
local head = redis.pcall('getrange', KEYS[1], 0, 159)
if type(head) ~= 'string' then return 0 end
local epoch = string.match(head, '^{"job_id":"[^"]*","status":"%l*","version":%d+,"epoch":(%d+),')
if epoch == nil or tonumber(epoch) >= tonumber(ARGV[1]) then return 0 end
return redis.call('del', KEYS[1])
