-- What Redis holds of a room, if that is little.
-- KEYS: the room's stream, its presence. ARGV: how many entries, how many clients, how many bytes in all are little.
-- Returns Redis's time in milliseconds; then, if it is little, ids and messages of the entries in turn, and clients and states in turn.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('XLEN', KEYS[1]) > tonumber(ARGV[1]) or redis.call('HLEN', KEYS[2]) > tonumber(ARGV[2]) then
  return {now}
end
local left = tonumber(ARGV[3])
local entries = {}
local from = '-'
-- A few at a time: one entry may be as large as a message may.
repeat
  local some = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 8)
  for _, entry in ipairs(some) do
    local message = ''
    for i = 1, #entry[2], 2 do
      if entry[2][i] == 'm' then
        message = entry[2][i + 1]
      end
    end
    left = left - #message
    entries[#entries + 1] = entry[1]
    entries[#entries + 1] = message
    from = '(' .. entry[1]
  end
  if left < 0 then
    return {now}
  end
until #some < 8
local presence = redis.call('HGETALL', KEYS[2])
for _, text in ipairs(presence) do
  left = left - #text
end
if left < 0 then
  return {now}
end
return {now, entries, presence}
