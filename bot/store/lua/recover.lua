-- Make due what is owed and has no wake: run by each process that opens the store. A promotion that nobody looks at
-- would be forgotten for ever.
--
-- ARGV: epoch.

for _, promotion in ipairs(redis.call('SMEMBERS', key('owed'))) do
  wake_up(promotion, '0')
end
