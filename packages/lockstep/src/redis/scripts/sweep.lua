-- Purpose: removes values of earlier epochs: the ledger does not know their jobs, or they have
--   expired.
-- Keys: the jobs' keys
-- Arguments: 1 the current epoch
-- Returns: how many were removed; the others have the current epoch, or were not written by the
--   projection
local now, removed = tonumber(ARGV[1]), 0
for _, key in ipairs(KEYS) do
  local head = redis.pcall('getrange', key, 0, 159)
  if type(head) == 'string' then
    local epoch = string.match(head, '^{"job_id":"[^"]*","status":"%l*","version":%d+,"epoch":(%d+),')
    if epoch and tonumber(epoch) < now then removed = removed + redis.call('del', key) end
  end
end
return removed
