-- Purpose: returns the states of jobs of a queue, read atomically, and changes nothing. BullMQ's
--   own listing removes an old marker from a list while it reads, and asks for one job at a time.
-- Keys: 1 wait, 2 paused, 3 prioritized, 4 delayed, 5 waiting-children, 6 active, 7 failed, 8
--   completed
-- Arguments: 1 the prefix of a job's key before its id, 2 the maximum length of waiting lists to
--   search, 3 `all` fields of the hash or only the `result`, 4... ids
-- Returns: for each id {state, 1 when the state is certain, 1 when its lock is held, {field, value,
--   ...}, its score if it is in a set, 1 when it is in the list of a paused queue}; {type} when its
--   key is not a hash; an empty table when there is no job
local longest = tonumber(ARGV[2])
local sets = { { 8, 'completed' }, { 7, 'failed' }, { 4, 'delayed' }, { 3, 'prioritized' }, { 5, 'waiting-children' } }
local answer = {}

local function isListed(key, id)
  return redis.call('lpos', key, id) ~= false
end

-- Sets before lists, as BullMQ does.
local function find(id)
  for _, set in ipairs(sets) do
    local score = redis.call('zscore', KEYS[set[1]], id)
    if score then return { set[2], 1, score, 0 } end
  end
  if isListed(KEYS[6], id) then return { 'active', 1, '', 0 } end
  if redis.call('llen', KEYS[1]) + redis.call('llen', KEYS[2]) > longest then return { 'waiting', 0, '', 0 } end
  if isListed(KEYS[1], id) then return { 'waiting', 1, '', 0 } end
  if isListed(KEYS[2], id) then return { 'waiting', 1, '', 1 } end
  return { 'unlisted', 1, '', 0 }
end

for place = 4, #ARGV do
  local id = ARGV[place]
  local key = ARGV[1] .. id
  local kind = redis.call('type', key).ok
  if kind == 'none' then
    answer[#answer + 1] = {}
  elseif kind ~= 'hash' then
    answer[#answer + 1] = { kind }
  else
    local found = find(id)
    local fields = {}
    if ARGV[3] == 'all' then
      fields = redis.call('hgetall', key)
    elseif found[1] == 'completed' then
      fields = { 'returnvalue', redis.call('hget', key, 'returnvalue') }
    end
    local lock = redis.call('exists', key .. ':lock')
    answer[#answer + 1] = { found[1], found[2], lock, fields, found[3], found[4] }
  end
end
return answer
