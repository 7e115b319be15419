-- Makes the store: only where there is none. Nothing else ever writes these fields first.
--
-- KEYS[1] {name}:meta
-- ARGV    epoch, schema
-- returns the epoch; nothing where there is a store already

if redis.call('EXISTS', KEYS[1]) == 1 then
  return false
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'schema', ARGV[2])
return ARGV[1]
