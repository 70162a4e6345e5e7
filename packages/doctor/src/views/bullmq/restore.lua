-- Purpose: puts a removed job back into the queue, if nobody has added it again: its hash as it
--   was, and its id at the end of the list, where it does the least harm, or in its set with its
--   score.
-- Keys: 1 the job's hash, 2 the list or set
-- Arguments: 1 the job's id, 2 its score in the set, empty for a list, 3... fields and values in
--   turn
-- Returns: 1 put back, 0 the job exists again, and nothing was changed
if redis.call('exists', KEYS[1]) == 1 then return 0 end
local fields = {}
for place = 3, #ARGV do fields[#fields + 1] = ARGV[place] end
redis.call('hset', KEYS[1], unpack(fields))
if ARGV[2] == '' then
  redis.call('lpush', KEYS[2], ARGV[1])
else
  redis.call('zadd', KEYS[2], ARGV[2], ARGV[1])
end
return 1
