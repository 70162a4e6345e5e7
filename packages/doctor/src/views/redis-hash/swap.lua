-- Purpose: replaces the value of one job in a hash, if it has not changed since it was read, and
--   removes its id from the lists.
-- Keys: 1 the hash, 2... the lists
-- Arguments: 1 the job's id, 2 SHA-1 of the value as it was read, 3 the new value
-- Returns: 0 the value has changed, and nothing was written; else 1, then for each list the
--   position of the removed id (-1: not in it)
local value = redis.call('hget', KEYS[1], ARGV[1])
if not value or redis.sha1hex(value) ~= ARGV[2] then return {0} end
local answer = {1}
for list = 2, #KEYS do
  local place = redis.call('lpos', KEYS[list], ARGV[1])
  if place then redis.call('lrem', KEYS[list], 1, ARGV[1]) end
  answer[list] = place or -1
end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
return answer
