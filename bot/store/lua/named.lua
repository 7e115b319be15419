-- The promotion that the world calls by another name; the newest one where there are several.
--
-- ARGV: epoch, 'correlations' | 'runs' | 'channels', the name.

local kind, name = ARGV[2], ARGV[3]

if kind == 'correlations' then
  return redis.call('HGET', key(kind), name)
end
-- Members are name, number and id; with equal scores they stand in the order of their bytes.
local from, to = '[' .. name .. ' \255', '[' .. name .. ' '
local newest = redis.call('ZREVRANGEBYLEX', key(kind), from, to, 'LIMIT', 0, 1)[1]
return newest and string.match(newest, '[^ ]+$')
