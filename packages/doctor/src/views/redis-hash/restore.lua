-- Purpose: puts the value of one job back as it was, and its id back into the lists, at its old
--   positions.
-- Keys: 1 the hash, 2... the lists
-- Arguments: 1 the job's id, 2 SHA-1 of the value that the repair left, 3 the value to put back,
--   4... for each list the position (-1: none)
-- Returns: 1 put back, 0 the value has changed, and nothing was written
local value = redis.call('hget', KEYS[1], ARGV[1])
if not value or redis.sha1hex(value) ~= ARGV[2] then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
for list = 2, #KEYS do
  local place = tonumber(ARGV[list + 2])
  if place >= 0 and not redis.call('lpos', KEYS[list], ARGV[1]) then
    local pivot = redis.call('lindex', KEYS[list], place)
    if pivot then
      redis.call('linsert', KEYS[list], 'before', pivot, ARGV[1])
    else
      redis.call('rpush', KEYS[list], ARGV[1])
    end
  end
end
return 1
