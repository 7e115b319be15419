-- Every new connection says hello to the store here, before it is used for anything.
--
-- KEYS[1] {name}:meta
-- ARGV    epoch that the caller has proven ("" at opening), the newest schema it knows, who the server is
--         ("" when the server does not tell), "1" when a connection was lost since, now
-- returns epoch, schema, when another server took over last ("" for never); nothing where there is no store

local GAP = 1000 -- far more numbers than are given out in what a failover, a crash or a backup of the day loses

local epoch, newest, server, lost, now = unpack(ARGV)
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'schema', 'server', 'switched')
local stored_epoch, schema, known, switched = meta[1], meta[2], meta[3], meta[4]

-- What is forgotten may have been given a number already, which stands on a card in Slack and in PagerDuty's
-- incidents: a promotion that got the same one would answer to that card's buttons, and page nobody.
local function leave_a_gap()
  local sequences = string.sub(KEYS[1], 1, -5) .. 'sequences' -- KEYS[1] without 'meta'
  for _, name in ipairs(redis.call('HKEYS', sequences)) do
    redis.call('HINCRBY', sequences, name, GAP)
  end
  redis.call('HINCRBY', KEYS[1], 'skipped', GAP)
end

if not stored_epoch then
  return false
end
if epoch ~= '' and epoch ~= stored_epoch then
  return redis.error_reply('EPOCH another store')
end
-- A newer version's meta is its own: the caller refuses by the schema, and nothing was changed.
if tonumber(schema) > tonumber(newest) then
  return {stored_epoch, schema, switched or ''}
end

-- Another server may lack the last commits of the one before. All replicas of the bot must know when that was, so
-- the first to meet the new one writes it down. The first server that a store ever had has taken over from nobody.
local took_over
if server == '' then
  took_over = lost == '1'
else
  took_over = known and known ~= server
end
if took_over then
  switched = now
  redis.call('HSET', KEYS[1], 'switched', now)
  leave_a_gap()
end
if server ~= '' and known ~= server then
  redis.call('HSET', KEYS[1], 'server', server)
end
return {stored_epoch, schema, switched or ''}
