-- Purpose: replaces a value, if it is still the one that was seen.
-- Keys: 1 the job's key
-- Arguments: 1 the value that was seen, 2 whether there was one (1, 0), 3 the new value, 4 whether
--   there is to be one (1, 0), 5 milliseconds to keep it, empty to keep it without limit
-- Returns: 1 replaced, 0 the value is another one now, and nothing was changed
local there = redis.pcall('get', KEYS[1])
if type(there) == 'table' then return 0 end
if ARGV[2] == '1' then
  if there ~= ARGV[1] then return 0 end
elseif there then
  return 0
end
if ARGV[4] == '0' then
  redis.call('del', KEYS[1])
elseif ARGV[5] == '' then
  redis.call('set', KEYS[1], ARGV[3])
else
  redis.call('set', KEYS[1], ARGV[3], 'px', ARGV[5])
end
return 1
