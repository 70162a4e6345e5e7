-- Purpose: writes the value of one job, unless a newer one is there.
-- Keys: 1 the job's key
-- Arguments: 1 epoch, 2 version, 3 milliseconds to keep it, empty for a job that has not finished, 0 to remove it, 4 the value
-- Returns: 1 written, 0 the value there is as new or newer, a greater number the later epoch of the value there
-- A value begins with its job, status, version and epoch in this order (value.ts). Anything else is replaced, and so is a value of
-- an earlier epoch, whatever its version. Redis that is full refuses the write: the old value is removed then, for nothing is better
-- than something stale.
local head = redis.pcall('getrange', KEYS[1], 0, 159)
if type(head) == 'string' then
  local version, epoch = string.match(head, '^{"job_id":"[^"]*","status":"%l*","version":(%d+),"epoch":(%d+),')
  if version then
    local there, mine = tonumber(epoch), tonumber(ARGV[1])
    if there > mine then return there end
    if there == mine and tonumber(version) >= tonumber(ARGV[2]) then return 0 end
  end
end
if ARGV[3] == '0' then
  redis.call('del', KEYS[1])
  return 1
end
local answer
if ARGV[3] == '' then
  answer = redis.pcall('set', KEYS[1], ARGV[4])
else
  answer = redis.pcall('set', KEYS[1], ARGV[4], 'px', ARGV[3])
end
if type(answer) == 'table' and answer.err then
  redis.call('del', KEYS[1])
  return answer
end
return 1
