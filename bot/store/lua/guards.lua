-- What a commit is asked before it writes. Each guard answers nothing, or the answer with which the commit is refused.
--
-- ARGV: epoch, operation, the change as JSON, then the records of its promotions and the ones of its documents.

local operation, change = ARGV[2], cjson.decode(ARGV[3])

local records = {} -- the new ones, by promotion
local before = {} -- the stored ones, by promotion
for at, put in ipairs(change.puts) do
  records[put.id] = parse(ARGV[3 + at])
  before[put.id] = stored(put.id)
end

-- The answer was lost and the call came again: doing it twice would make a conflict of a success.
local function done_already()
  local head = redis.call('GET', key('op:' .. operation))
  return head and { 'committed', head }
end

local function duplicate()
  local known = change.dedupe and redis.call('GET', key('dedupe:' .. change.dedupe[1]))
  if not known then
    return
  end
  local at, promotion = string.match(known, '^(%S+) (.*)$')
  return tonumber(at) >= tonumber(change.remembered_since) and { 'duplicate', promotion }
end

-- A worker that stood still must not write over its successor.
local function fenced()
  if change.claim == '' then
    return
  end
  for _, put in ipairs(change.puts) do
    if token_of(put.id) == change.claim then
      return
    end
  end
  return { 'fenced' }
end

local function conflict(what)
  return { 'conflict', what }
end

local function revision_of(name)
  local raw = redis.call('HGET', key('documents'), name)
  return raw and string.match(raw, '^%d+') or '0'
end

local function documents_moved(expected)
  for _, one in ipairs(expected) do
    if revision_of(one[1]) ~= one[2] then
      return conflict(one[1])
    end
  end
end

-- Two promotions with one correlation id would answer to the same run.
local function correlation_is_taken(put, taken)
  local is_taken = taken[put.correlation] or redis.call('HEXISTS', key('correlations'), put.correlation) == 1
  taken[put.correlation] = true
  return is_taken
end

local function promotions_moved()
  local taken = {}
  for _, put in ipairs(change.puts) do
    local known = before[put.id]
    if (known and known.revision or '0') ~= put.read then
      return conflict(put.id)
    end
    if not known and correlation_is_taken(put, taken) then
      return conflict(put.id)
    end
  end
end
