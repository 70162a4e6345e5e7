-- Purpose: replaces the value of one key, if it still is what was seen. Its time to live stays.
-- Keys: 1 the key
-- Arguments: 1 SHA-1 of the value as it was seen, 2 the new value
-- Returns: 1 replaced, 0 it is another value now, and nothing was changed
if redis.call('type', KEYS[1]).ok ~= 'string' then return 0 end
if redis.sha1hex(redis.call('get', KEYS[1])) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
