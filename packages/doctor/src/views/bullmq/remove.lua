-- Purpose: removes a waiting job and its hash from the queue, if it has not changed since it was
--   read and belongs to no flow.
-- Keys: 1 wait, 2 paused, 3 prioritized, 4 delayed, 5 waiting-children, 6 active, 7 failed, 8
--   completed, 9 the job's hash
-- Arguments: 1 the job's id, 2 the number of fields its hash had, 3... fields and values in turn
-- Returns: `removed`; `changed` the job has changed; `flow` other jobs or keys depend on it. In the
--   last two cases nothing was changed.
local id = ARGV[1]
local key = KEYS[9]
local fields = tonumber(ARGV[2])
if redis.call('hlen', key) ~= fields then return 'changed' end
for place = 3, 2 + fields * 2, 2 do
  if redis.call('hget', key, ARGV[place]) ~= ARGV[place + 1] then return 'changed' end
end
if redis.call('exists', key .. ':lock') == 1 then return 'changed' end
if redis.call('exists', key .. ':dependencies', key .. ':processed') > 0 then return 'flow' end
for _, field in ipairs({ 'parentKey', 'parent', 'deid', 'rjk' }) do
  if redis.call('hexists', key, field) == 1 then return 'flow' end
end
local removed = redis.call('lrem', KEYS[1], -1, id) + redis.call('lrem', KEYS[2], -1, id)
removed = removed + redis.call('zrem', KEYS[3], id) + redis.call('zrem', KEYS[4], id)
if removed == 0 then return 'changed' end
redis.call('del', key, key .. ':logs')
return 'removed'
