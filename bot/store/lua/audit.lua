-- The rows of the audit chain after a number, in order, and before them the one with that number: a row is stored
-- without the digest before it, because its neighbour has it.
--
-- ARGV: epoch, the number, the most rows that are wanted.

return redis.call('XRANGE', key('audit'), ARGV[2] .. '-0', '+', 'COUNT', ARGV[3] + (ARGV[2] == '0' and 0 or 1))
