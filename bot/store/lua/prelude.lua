-- What every script begins with: whose store this is, what its keys are called, how its records are read.
--
-- Only the first key is declared; all others share the hash tag in its name, so one Cluster shard has them all.
-- Everything that Python sends is a string: Lua's numbers are doubles, and its way of writing them keeps fourteen
-- digits, so a time or a run id that went through one would come back as another.

local META = KEYS[1]
local PREFIX = string.sub(META, 1, -5) -- without 'meta'

local SCHEMA = 1 -- the newest that these scripts know: SCHEMA of redis_link.py
local opened = redis.call('HMGET', META, 'epoch', 'schema')

-- An emptied or exchanged Redis must never look like one in which nothing is pending.
if opened[1] ~= ARGV[1] then
  return redis.error_reply('EPOCH this is not the store that was opened')
end
-- A connection of ours may be older than the upgrade: what a newer version made of the store is not ours to write.
if tonumber(opened[2]) > SCHEMA then
  return redis.error_reply('NEWER a newer version has taken this store over')
end

local function key(name)
  return PREFIX .. name
end

-- A record is one line of words that scripts ask about, and below it the document, which only Python reads. What is
-- not known is '-'. A newer version may add words at the end of the line.
local RECORD = '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)[^\n]*\n()'

local function parse(raw)
  local revision, phase, kind, place, sha, run, channel, document = string.match(raw, RECORD)
  return {
    revision = revision,
    phase = phase,
    kind = kind,
    place = place,
    sha = sha,
    run = run,
    channel = channel,
    document = document, -- where it begins
    raw = raw,
  }
end

local function stored(promotion)
  local raw = redis.call('HGET', key('promotions'), promotion)
  return raw and parse(raw) or nil
end
