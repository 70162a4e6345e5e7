-- Purpose: replaces the value of one key, if it has not changed since it was read. Its time to live
--   stays.
-- Keys: 1 the key
-- Arguments: 1 SHA-1 of the value as it was read, 2 the new value
-- Returns: 1 replaced, 0 the value has changed, and nothing was written
if redis.call('type', KEYS[1]).ok ~= 'string' then return 0 end
if redis.sha1hex(redis.call('get', KEYS[1])) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
