-- Slots that are held.
--
-- ARGV: epoch, a place or '' for every place.

if ARGV[2] ~= '' then
  return { slot_of(ARGV[2]) }
end
local found = {}
local slots = redis.call('HGETALL', key('slots'))
for at = 1, #slots, 2 do
  table.insert(found, slot(slots[at], slots[at + 1]))
end
return found
