-- One commit: all of it or nothing.
--
-- A Lua script is not rolled back, so every guard is asked, and everything that can be refused is worked out, before
-- the first write. The first write is one that Redis refuses when it is full; after it Redis refuses none.
--
-- Answer: 'committed' and the head of the audit chain | 'conflict' and what | 'duplicate' and the promotion | 'fenced'.

local DEDUPE_KEPT = 8 * 86400 -- seconds: a day more than it counts, because the caller's clock decides
local OPERATION_KEPT = 60 -- seconds: far above the deadline in which a call whose answer was lost is sent again
local ROWS_BY_SUBJECT = 50

local refused = done_already() or duplicate() or fenced() or documents_moved(change.read) or promotions_moved()
  or documents_moved(change.documents) or slots_lost()
if refused then
  return refused
end

local function remember_number(subject, number)
  local numbers = {}
  for known in string.gmatch(redis.call('HGET', key('audit:of'), subject) or '', '%d+') do
    table.insert(numbers, known)
  end
  table.insert(numbers, number)
  if #numbers > ROWS_BY_SUBJECT then
    table.remove(numbers, 1)
  end
  redis.call('HSET', key('audit:of'), subject, table.concat(numbers, ' '))
end

local function append(row, number, previous)
  local at, actor, action, subject, detail, fingerprint = unpack(row)
  local digest = redis.sha1hex(previous .. fingerprint)
  redis.call(
    'XADD', key('audit'), number .. '-0', 'at', at, 'actor', actor, 'action', action, 'subject', subject,
    'detail', detail, 'digest', digest
  )
  remember_number(subject, number)
  return digest
end

-- Comes first: Redis takes no row whose number it has already, so a chain that does not fit is refused whole.
local function append_all()
  local head = redis.call('HMGET', META, 'rows', 'head')
  local rows, digest = tonumber(head[1] or '0'), head[2] or ''
  for _, row in ipairs(change.rows) do
    rows = rows + 1
    digest = append(row, whole(rows), digest)
  end
  redis.call('SET', key('op:' .. operation), digest, 'EX', OPERATION_KEPT)
  redis.call('HSET', META, 'rows', whole(rows), 'head', digest)
  return digest
end

local function take_off_shelf(promotion, record)
  local name = record.place .. ':' .. record.phase
  redis.call('ZREM', key('shelf:' .. name), promotion)
  if redis.call('EXISTS', key('shelf:' .. name)) == 0 then
    redis.call('ZREM', key('shelves'), name)
  end
end

local function put_on_shelf(put, record)
  local name = record.place .. ':' .. record.phase
  redis.call('ZADD', key('shelf:' .. name), put.number, put.id)
  redis.call('ZADD', key('shelves'), 0, name)
end

local function rename(put, names, old, new)
  if old ~= '-' and old ~= new then
    redis.call('ZREM', key(names), old .. put.entry)
  end
  if new ~= '-' and old ~= new then
    redis.call('ZADD', key(names), 0, new .. put.entry)
  end
end

local function write_promotion(put)
  local record, old = records[put.id], before[put.id]
  redis.call('HSET', key('promotions'), put.id, record.raw)
  if not old then
    redis.call('HSET', key('correlations'), put.correlation, put.id)
  end
  if old and (old.phase ~= record.phase or old.place ~= record.place) then
    take_off_shelf(put.id, old)
  end
  put_on_shelf(put, record)
  rename(put, 'runs', old and old.run or '-', record.run)
  rename(put, 'channels', old and old.channel or '-', record.channel)
end

local function schedule(put)
  local record = records[put.id]
  end_lease_that_ran_out(put.id, record)
  local foreign = token_of(put.id) ~= change.claim
  if foreign then
    touch(put.id, change.at)
  end
  local unseen = foreign or redis.call('ZSCORE', key('touched'), put.id)
  if put.settled then
    forget(put.id, record, unseen)
  else
    set_wake(put.id, record, put.wake, unseen)
  end
end

local function write_documents()
  for at, one in ipairs(change.documents) do
    redis.call('HSET', key('documents'), one[1], ARGV[3 + #change.puts + at])
  end
end

local function remember_message()
  if change.dedupe then
    local told = change.at .. ' ' .. change.dedupe[2]
    redis.call('SET', key('dedupe:' .. change.dedupe[1]), told, 'EX', DEDUPE_KEPT)
  end
end

local head = append_all()
remember_message()
for _, put in ipairs(change.puts) do
  write_promotion(put)
  schedule(put)
end
write_documents()
write_slots()
for _, promotion in ipairs(winners) do
  wake_up(promotion, change.at)
end
for _, promotion in ipairs(change.wakes) do
  wake_up(promotion, change.at)
end
return { 'committed', head }
