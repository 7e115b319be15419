-- Finding promotions, newest first: shared by the scripts that answer queries.
--
-- Each promotion stands on one shelf, that of its place and phase, in the order of numbers; `shelves` names those that
-- are not empty. A query walks the shelves that it allows side by side. For what no shelf tells, SHA and kind, records
-- are read on the way, but not more than EXAMINED in one call: who asks goes on from where it stopped.

local EXAMINED = 1000

local function refill(shelf)
  local name, from = key('shelf:' .. shelf.name), '(' .. shelf.before
  shelf.read = redis.call('ZREVRANGEBYSCORE', name, from, '-inf', 'WITHSCORES', 'LIMIT', 0, shelf.portion)
  shelf.at = 1
end

local function is_allowed(name, query)
  local environment, phase = string.match(name, '/(.*):(.*)$')
  return (not query.environment or query.environment == environment) and (not query.phases or query.phases[phase])
end

local function names_for(query)
  local from, to = '-', '+'
  if query.within then
    from, to = '[' .. query.within, '[' .. query.within .. '\255'
  end
  local names = {}
  for _, name in ipairs(redis.call('ZRANGEBYLEX', key('shelves'), from, to)) do
    if is_allowed(name, query) then
      table.insert(names, name)
    end
  end
  return names
end

local function shelves_for(query, before, most)
  local names, shelves = names_for(query), {}
  local portion = math.ceil(most / #names) + 1 -- of each, so that many shelves are not read for few promotions
  for at, name in ipairs(names) do
    shelves[at] = { name = name, before = before, portion = portion }
    refill(shelves[at])
  end
  return shelves
end

local function shelf_of_newest(shelves)
  local newest, number
  for _, shelf in ipairs(shelves) do
    local head = tonumber(shelf.read[shelf.at + 1])
    if head and (not number or head > number) then
      newest, number = shelf, head
    end
  end
  return newest
end

local function take(shelf)
  local promotion, number = shelf.read[shelf.at], shelf.read[shelf.at + 1]
  shelf.before = number
  shelf.at = shelf.at + 2
  if not shelf.read[shelf.at] then
    refill(shelf)
  end
  return promotion, number
end

local function matches(promotion, query)
  if not query.sha and not query.kind then
    return true
  end
  local record = stored(promotion)
  return (not query.sha or query.sha == record.sha) and (not query.kind or query.kind == record.kind)
end

-- The ids that match, and the number of the last one examined, or '' when there is nothing to go on to.
local function search(query, before, most)
  local shelves = shelves_for(query, before, most)
  local found, last = {}, ''
  for _ = 1, EXAMINED do
    local shelf = shelf_of_newest(shelves)
    if not shelf then
      return found, ''
    end
    if #found >= most then
      return found, last
    end
    local promotion
    promotion, last = take(shelf)
    if matches(promotion, query) then
      table.insert(found, promotion)
    end
  end
  return found, last
end
