-- What of a room's stream waits to be stored.
-- KEYS[1]  stream of the room
-- ARGV[1]  id of the last entry that is stored; 0-0 if none is
-- returns  id of the last entry, id of the first that is not stored, Redis's time in ms, bytes of memory that the stream takes (-1 if
--          Redis does not tell); nothing if no entry waits
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local first = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', 1)[1]
if not first then
  return {}
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
-- All of its parts are asked, because one large entry among small ones would be missed by a sample. Some operators forbid the command.
local memory = redis.pcall('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', '0')
local bytes = type(memory) == 'number' and memory or -1
return {last[1], first[1], string.format('%.0f', now), string.format('%.0f', bytes)}
