-- Slots: one promotion deploys to one place, the rest queue, rollbacks first.
--
-- Wishes are granted in the order of the puts, on a copy, before anything is written: one `keep` that is refused
-- refuses the whole commit.

local LAST_IN_LINE = 2 ^ 52 -- added to the place in a queue of what is no rollback

local places = {}
local winners = {} -- whom a slot went to: they are due at once
local queued_before = tonumber(redis.call('HGET', META, 'queued') or '0') -- how many ever joined a queue
local queued = queued_before

-- The head of the queue is enough: each put takes at most one promotion out of it.
local function queue_of(name)
  local queue = {}
  local read = redis.call('ZRANGE', key('queue:' .. name), 0, #change.puts, 'WITHSCORES')
  for at = 1, #read, 2 do
    table.insert(queue, { id = read[at], rank = tonumber(read[at + 1]) })
  end
  return queue
end

local function place_of(name)
  if not places[name] then
    local held = redis.call('HGET', key('slots'), name)
    local since, holder = string.match(held or '', '^(%S+) (.*)$')
    places[name] = { name = name, holder = holder, since = since, queue = queue_of(name), moves = {} }
  end
  return places[name]
end

local function join(place, promotion, kind)
  queued = queued + 1
  local rank = queued + (kind == 'rollback' and 0 or LAST_IN_LINE)
  local at = 1
  while place.queue[at] and place.queue[at].rank < rank do
    at = at + 1
  end
  table.insert(place.queue, at, { id = promotion, rank = rank })
  place.moves[promotion] = rank
end

local function leave(place, promotion)
  for at, waiting in ipairs(place.queue) do
    if waiting.id == promotion then
      table.remove(place.queue, at)
      break
    end
  end
  place.moves[promotion] = false
end

local function hand_over(place, promotion)
  leave(place, promotion)
  place.holder, place.since = promotion, change.at
  table.insert(winners, promotion)
end

local function want(place, promotion, kind)
  if not place.holder then
    hand_over(place, promotion)
  elseif place.holder ~= promotion and not redis.call('ZSCORE', key('queue:' .. place.name), promotion) then
    join(place, promotion, kind)
  end
end

local function free(place, promotion)
  leave(place, promotion)
  if place.holder == promotion then
    place.holder = nil
    if place.queue[1] then
      hand_over(place, place.queue[1].id)
    end
  end
end

local function slots_lost()
  for _, put in ipairs(change.puts) do
    local record = records[put.id]
    local place = place_of(record.place)
    if put.slot == 'want' then
      want(place, put.id, record.kind)
    elseif put.slot == 'free' then
      free(place, put.id)
    elseif place.holder ~= put.id then
      return conflict('slot') -- an intent that does not hold the slot must not be written
    end
  end
end

local function write_place(name, place)
  for promotion, rank in pairs(place.moves) do
    if rank then
      redis.call('ZADD', key('queue:' .. name), whole(rank), promotion)
    else
      redis.call('ZREM', key('queue:' .. name), promotion)
    end
  end
  if place.holder then
    redis.call('HSET', key('slots'), name, place.since .. ' ' .. place.holder)
  else
    redis.call('HDEL', key('slots'), name)
  end
end

local function write_slots()
  for name, place in pairs(places) do
    write_place(name, place)
  end
  if queued > queued_before then
    redis.call('HSET', META, 'queued', whole(queued))
  end
end
