-- What questions are answered with, each as Python reads it: shared by the scripts that ask one thing or several.

-- The body of a promotion's record; false, which Python reads as None, where nil would end the list that it is in.
local function promotion_document(promotion)
  local record = stored(promotion)
  return record and string.sub(record.raw, record.document) or false
end

-- A small document: a line with its revision, its body below.
local function small_document(name)
  return redis.call('HGET', key('documents'), name)
end

-- A slot: its place, since when and by whom it is held, and who waits.
local function slot(place, held)
  return { place, held, redis.call('ZRANGE', key('queue:' .. place), 0, -1) }
end

local function slot_of(place)
  local held = redis.call('HGET', key('slots'), place)
  return held and slot(place, held) or {}
end
