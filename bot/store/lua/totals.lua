-- What the parts of the store say of each other, all of one moment.
--
-- ARGV: epoch.
-- Answer: how many promotions, correlation ids and places on shelves there are; then the number and digest of the
-- newest audit row, first as they are counted and then as it lies there.

local on_shelves = 0
for _, name in ipairs(redis.call('ZRANGE', key('shelves'), 0, -1)) do
  on_shelves = on_shelves + redis.call('ZCARD', key('shelf:' .. name))
end

local function newest_row()
  local row = redis.call('XREVRANGE', key('audit'), '+', '-', 'COUNT', 1)[1]
  if not row then
    return '0', ''
  end
  for at = 1, #row[2], 2 do
    if row[2][at] == 'digest' then
      return string.match(row[1], '^%d+'), row[2][at + 1]
    end
  end
end

local counted = redis.call('HMGET', META, 'rows', 'head')
local number, digest = newest_row()
return {
  redis.call('HLEN', key('promotions')),
  redis.call('HLEN', key('correlations')),
  on_shelves,
  counted[1] or '0',
  counted[2] or '',
  number,
  digest,
}
