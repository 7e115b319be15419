-- The next number of a sequence. Sent again after a lost answer it leaves a gap, which is allowed.
--
-- ARGV: epoch, sequence.

-- One of which nothing was left after a switch begins behind the gap too.
redis.call('HSETNX', key('sequences'), ARGV[2], redis.call('HGET', META, 'skipped') or '0')
return redis.call('HINCRBY', key('sequences'), ARGV[2], 1)
