-- Promotions as a survey reads them: each with its place in the due index, all of one moment.
--
-- ARGV: epoch, promotions.
-- Answer: for each its record, its wake or '', and then 1 or 0: is owed, is woken, stands on its shelf, would come
-- back from a worker that died.

local function wake_of(promotion)
  for _, line in ipairs({ 'due:rollbacks', 'due:others', 'held' }) do
    local wake = redis.call('ZSCORE', key(line), promotion)
    if wake then
      return wake
    end
  end
  return ''
end

local function is_on_its_shelf(promotion)
  local record = stored(promotion)
  local name = record.place and record.place .. ':' .. record.phase
  return name and redis.call('ZSCORE', key('shelves'), name) and redis.call('ZSCORE', key('shelf:' .. name), promotion)
end

local function comes_back(promotion)
  return not redis.call('ZSCORE', key('held'), promotion) or redis.call('ZSCORE', key('leased'), promotion)
end

local function truth(value)
  return value and 1 or 0
end

local answer = {}
for at = 2, #ARGV do
  local promotion = ARGV[at]
  answer[at - 1] = {
    redis.call('HGET', key('promotions'), promotion),
    wake_of(promotion),
    redis.call('SISMEMBER', key('owed'), promotion),
    redis.call('SISMEMBER', key('woken'), promotion),
    truth(is_on_its_shelf(promotion)),
    truth(comes_back(promotion)),
  }
end
return answer
