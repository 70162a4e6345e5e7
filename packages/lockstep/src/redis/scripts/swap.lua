-- Purpose: replaces the projection's record, if it is still the one that the caller saw.
-- Keys: 1 the record
-- Arguments: 1 the expected record, empty for missing, 2 the new record
-- Returns: 1 replaced, 0 the record is another one
if (redis.call('get', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[1] ~= ARGV[2] then redis.call('set', KEYS[1], ARGV[2]) end
return 1
