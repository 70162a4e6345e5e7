-- Purpose: replaces the projection's record, if it is still what the caller saw.
-- Keys: 1 the record
-- Arguments: 1 what it must be now, empty for missing, 2 what it is to become
-- Returns: 1 replaced, 0 it is something else
if (redis.call('get', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[1] ~= ARGV[2] then redis.call('set', KEYS[1], ARGV[2]) end
return 1
