-- Merges awareness states into a room's presence by clock, and tells subscribers those that were news.
-- KEYS[1]  presence hash of the room: client id -> '<clock> <Redis time, ms> <state as JSON>'
-- KEYS[2]  stream of the room, which is the name of its channel
-- ARGV[1]  milliseconds after which the hash expires, and after which one client's silent state is dropped
-- ARGV[2]  how many clients the hash holds at most
-- ARGV[3…] client id, clock, JSON of each state
-- returns  how many states were news
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local keep, limit = tonumber(ARGV[1]), tonumber(ARGV[2])

-- Once in that time, drop those who fell silent: in a room that is never empty the hash never expires. 'swept' is no client id.
local swept = tonumber(redis.call('HGET', KEYS[1], 'swept') or '0')
if now - swept >= keep then
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local at = string.match(all[i + 1], '^%d+ (%d+) ')
    if at and now - tonumber(at) >= keep then
      redis.call('HDEL', KEYS[1], all[i])
    end
  end
  redis.call('HSET', KEYS[1], 'swept', string.format('%.0f', now))
end

local function varuint(number)
  local bytes = ''
  while number >= 128 do
    bytes = bytes .. string.char(128 + number % 128)
    number = math.floor(number / 128)
  end
  return bytes .. string.char(number)
end

local news, states = 0, {}
for i = 3, #ARGV, 3 do
  local client, clock, json = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local held = redis.call('HGET', KEYS[1], client)
  local wins
  if held then
    local held_clock, held_json = string.match(held, '^(%d+) %d+ (.*)$')
    held_clock = tonumber(held_clock)
    -- The rule of y-protocols: the newer clock wins; the same clock wins only to say that a client who was there has left.
    wins = held_clock < clock or (held_clock == clock and json == 'null' and held_json ~= 'null')
  else
    wins = redis.call('HLEN', KEYS[1]) <= limit
  end
  if wins then
    redis.call('HSET', KEYS[1], client, ARGV[i + 1] .. ' ' .. string.format('%.0f', now) .. ' ' .. json)
    news = news + 1
    states[news] = varuint(tonumber(client)) .. varuint(clock) .. varuint(#json) .. json
  end
end

if news > 0 then
  local body = varuint(news) .. table.concat(states)
  -- Envelope: kind 3, then an awareness message.
  redis.call('SPUBLISH', KEYS[2], '\3\1' .. varuint(#body) .. body)
end
redis.call('PEXPIRE', KEYS[1], keep)
return news
