-- Purpose: writes the values of jobs, except where the existing value is newer.
-- Keys: the jobs' keys
-- Arguments: 1 epoch, then for each key: version, milliseconds to keep it (empty for a job that has
--   not finished, 0 to remove it), value
-- Returns: for each key 1 written, 0 the existing value is as new or newer, a greater number the
--   later epoch of the existing value
-- A value begins with its job, status, version and epoch in this order (value.ts). Anything else is
-- replaced, and so is a value of an earlier epoch, whatever its version. If Redis is full and
-- rejects the write, the old value is removed, because no value is better than a stale one. The
-- error is then returned after every key was tried.
local mine = tonumber(ARGV[1])

local function write(key, version, keep, value)
  local head = redis.pcall('getrange', key, 0, 159)
  if type(head) == 'string' then
    local found, epoch = string.match(head, '^{"job_id":"[^"]*","status":"%l*","version":(%d+),"epoch":(%d+),')
    if found then
      local there = tonumber(epoch)
      if there > mine then return there end
      if there == mine and tonumber(found) >= tonumber(version) then return 0 end
    end
  end
  if keep == '0' then
    redis.call('del', key)
    return 1
  end
  local answer
  if keep == '' then
    answer = redis.pcall('set', key, value)
  else
    answer = redis.pcall('set', key, value, 'px', keep)
  end
  if answer.err then
    redis.call('del', key)
    return answer
  end
  return 1
end

local answers, refusal = {}, nil
for at, key in ipairs(KEYS) do
  local answer = write(key, ARGV[3 * at - 1], ARGV[3 * at], ARGV[3 * at + 1])
  if type(answer) == 'table' then refusal = refusal or answer else answers[at] = answer end
end
return refusal or answers
